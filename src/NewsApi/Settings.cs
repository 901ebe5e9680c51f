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
}

/// <summary>A setting that cannot be used; ends the program with a sentence that names it.</summary>
internal sealed class SettingException(string setting, string fault) : Exception($"The setting {setting} {fault}.");
