using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace NewsApi.Tests.Support;

/// <summary>Everything a program logs, whatever its level; goes with the settings of <see cref="Everything"/>.</summary>
internal sealed class LogKeeper : ILoggerProvider, ILogger
{
    /// <summary>Settings under which nothing is kept from it, and nothing goes to the console.</summary>
    public static readonly (string Name, string? Value)[] Everything =
    [
        ("Logging:LogLevel:Default", "Trace"), ("Logging:LogLevel:Microsoft", "Trace"), ("Logging:LogLevel:Microsoft.AspNetCore.Hosting.Diagnostics", "Trace"),
        ("Logging:Console:LogLevel:Default", "None"), ("Logging:Console:LogLevel:Microsoft", "None"),
        ("Logging:Console:LogLevel:Microsoft.AspNetCore.Hosting.Diagnostics", "None"),
    ];

    public ConcurrentQueue<string> Lines { get; } = new();

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        Lines.Enqueue($"{formatter(state, exception)} {exception}");

    public void Dispose()
    {
    }
}
