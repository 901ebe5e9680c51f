namespace NewsApi.Storage;

/// <summary>A backup that was not made, or one that was not put in; says why in a sentence, and leaves everything as it was.</summary>
internal sealed class BackupException(string message) : Exception(message);
