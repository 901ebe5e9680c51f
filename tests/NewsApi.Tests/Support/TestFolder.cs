namespace NewsApi.Tests.Support;

/// <summary>A folder of one test, which goes with all that is in it, and with the database that is named after it.</summary>
internal sealed class TestFolder : IDisposable
{
    private readonly string _path = Directory.CreateTempSubdirectory("newsapi-").FullName;

    public static implicit operator string(TestFolder folder) => folder._path;

    public void Dispose()
    {
        TestDatabase.Drop(_path);
        Directory.Delete(_path, recursive: true);
    }
}
