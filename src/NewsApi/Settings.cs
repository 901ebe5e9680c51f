namespace NewsApi;

/// <summary>A section of the configuration; a value that cannot be read stops the start.</summary>
internal static class Settings
{
    public static T Read<T>(IConfiguration configuration, string section)
        where T : class, new()
    {
        try
        {
            return configuration.GetSection(section).Get<T>(o => o.ErrorOnUnknownConfiguration = true) ?? new T();
        }
        catch (InvalidOperationException e)
        {
            // The binder quotes what it could not use: the path of a value, or the names it does not know.
            var quoted = e.Message.Split('\'');
            var isUnknown = e.Message.Contains(nameof(BinderOptions.ErrorOnUnknownConfiguration), StringComparison.Ordinal);
            throw isUnknown
                ? new SettingException($"{section}:{quoted[^2]}", $"is not known; there are {string.Join(", ", typeof(T).GetProperties().Select(p => p.Name))}")
                : new SettingException(quoted.FirstOrDefault(q => q.StartsWith(section + ":", StringComparison.OrdinalIgnoreCase)) ?? section, "has a value that cannot be read");
        }
    }

    /// <summary>Whether nobody said where to listen, by any of the names the host knows.</summary>
    public static bool NamesNoAddress(IConfiguration configuration) =>
        string.IsNullOrEmpty(configuration["urls"]) && string.IsNullOrEmpty(configuration["http_ports"]) && string.IsNullOrEmpty(configuration["https_ports"])
        && !configuration.GetSection("Kestrel:Endpoints").Exists();
}

/// <summary>A setting that cannot be used; ends the program with a sentence that names it.</summary>
internal sealed class SettingException(string setting, string fault) : Exception($"The setting {setting} {fault}.");
