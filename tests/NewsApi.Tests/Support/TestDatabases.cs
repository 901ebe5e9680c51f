using NewsApi.Tests.Support;

[assembly: AssemblyFixture(typeof(TestDatabases))]

namespace NewsApi.Tests.Support;

/// <summary>
/// Drops the databases of the tests when all of them are through. Not when the process ends: for that the runner leaves ten seconds, and calls a run that
/// takes longer failed, whatever its tests say.
/// </summary>
public sealed class TestDatabases : IDisposable
{
    public void Dispose() => TestDatabase.DropAll();
}
