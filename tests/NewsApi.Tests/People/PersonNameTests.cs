using System.Net;
using System.Text.Json.Nodes;
using NewsApi.Tests.Support;

namespace NewsApi.Tests.People;

/// <summary>The name is the preferred entry of the names: writing one writes the other.</summary>
public sealed class PersonNameTests : IAsyncDisposable
{
    private readonly Api _api = new();

    [Fact]
    public async Task Patching_the_name_changes_the_preferred_entry_and_keeps_the_old_spelling()
    {
        var person = await Patch("""{"name":"Anna Huber"}""");

        Assert.Equal("Anna Huber", person.Text("name"));
        Assert.Equal(["Anna Huber:preferred", "Anna Gruber:alias", "A. Gruber:alias"], Names(person));
    }

    [Fact]
    public async Task Patching_the_name_to_a_spelling_on_record_keeps_the_old_one_as_alias()
    {
        var person = await Patch("""{"name":"A. Gruber"}""");

        Assert.Equal(["Anna Gruber:alias", "A. Gruber:preferred"], Names(person));
    }

    [Fact]
    public async Task Patching_the_names_changes_the_name()
    {
        var person = await Patch("""{"names":[{"value":"Anna Huber","kind":"preferred"},{"value":"Anna Gruber","kind":"former"}]}""");

        Assert.Equal("Anna Huber", person.Text("name"));
    }

    [Fact]
    public async Task Patching_the_names_without_a_preferred_one_keeps_the_name()
    {
        var person = await Patch("""{"names":[{"value":"Gruberin"}]}""");

        Assert.Equal("Anna Gruber", person.Text("name"));
        Assert.Equal(["Anna Gruber:preferred", "Gruberin:alias"], Names(person));
    }

    [Fact]
    public async Task Patching_both_to_different_names_is_a_disagreement()
    {
        var id = await Create();

        using var response = await _api.Editor.PatchJson($"/v1/people/{id}", """{"name":"Anna Huber","names":[{"value":"Anna Moser","kind":"preferred"}]}""");

        var problem = await response.Problem(422, "invalid");
        Assert.Equal("/name", problem["errors"]![0]!.Text("pointer"));
    }

    [Fact]
    public async Task Patching_anything_else_leaves_the_names_alone()
    {
        var person = await Patch("""{"description":"Landesrätin"}""");

        Assert.Equal(["Anna Gruber:preferred", "A. Gruber:alias"], Names(person));
    }

    public ValueTask DisposeAsync() => _api.DisposeAsync();

    private static IEnumerable<string> Names(JsonNode person) =>
        person["names"]!.AsArray().Select(n => $"{n!.Text("value")}:{n!.Text("kind")}");

    private async Task<string> Create() => (await _api.Person("Anna Gruber", ""","names":[{"value":"Anna Gruber","kind":"preferred"},{"value":"A. Gruber"}]""")).Id();

    private async Task<JsonObject> Patch(string patch)
    {
        using var response = await _api.Editor.PatchJson($"/v1/people/{await Create()}", patch);
        return await response.Object(HttpStatusCode.OK);
    }
}
