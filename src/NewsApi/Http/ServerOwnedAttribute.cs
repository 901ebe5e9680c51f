namespace NewsApi.Http;

/// <summary>
/// Members that the server puts into answers. A client may send them back inside an input; they are ignored there, while
/// every other unknown member is refused.
/// </summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class ServerOwnedAttribute(params string[] members) : Attribute
{
    public IReadOnlyList<string> Members { get; } = members;
}

/// <summary>What the inputs of all resources have in common.</summary>
public interface IResourceInput
{
    Guid? Id { get; }
    string? Slug { get; }
}
