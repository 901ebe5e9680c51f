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
            throw new SettingException(section, $"cannot be read: {(e.InnerException ?? e).Message}");
        }
    }

    /// <summary>Whether nobody said where to listen, by any of the names the host knows.</summary>
    public static bool NamesNoAddress(IConfiguration configuration) =>
        string.IsNullOrEmpty(configuration["urls"]) && string.IsNullOrEmpty(configuration["http_ports"]) && string.IsNullOrEmpty(configuration["https_ports"])
        && !configuration.GetSection("Kestrel:Endpoints").Exists();
}

/// <summary>A setting that cannot be used; ends the program with a sentence that names it.</summary>
internal sealed class SettingException(string setting, string fault) : Exception($"The setting {setting} {fault}.");
