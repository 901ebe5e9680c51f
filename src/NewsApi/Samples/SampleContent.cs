using System.Text.Json;
using FluentValidation;
using Microsoft.EntityFrameworkCore;
using NewsApi.Access;
using NewsApi.Articles;
using NewsApi.Events;
using NewsApi.Http;
using NewsApi.People;
using NewsApi.Publishing;
using NewsApi.Sections;
using NewsApi.Storage;

namespace NewsApi.Samples;

/// <summary>Settings of section <c>Samples</c>.</summary>
internal sealed class SampleOptions
{
    /// <summary>Whether an empty database gets the sample content; true in Development.</summary>
    public bool Load { get; init; }
}

/// <summary>A sample as it lies in the file: an article as a client would post it, and when it was published; a draft without that.</summary>
public sealed record SampleArticle
{
    public required ArticleInput Article { get; init; }
    public DateTimeOffset? PublishAt { get; init; }
}

/// <summary>
/// The sample content: read, checked and written like any client's, in one write, into a database that is empty. It is a
/// start for trying things out, and the first test of the write path at every fresh start.
/// </summary>
internal sealed class SampleContent(
    Publisher publisher,
    ResourceWriter<Person, PersonInput> people,
    ResourceWriter<NewsEvent, EventInput> events,
    ResourceWriter<Article, ArticleInput> articles,
    IServiceProvider services)
{
    private const int Tries = 30;

    private static readonly Caller Caller = new("samples");

    /// <summary>True where the samples were written, false where the database has content already.</summary>
    public async Task<bool> LoadAsync(CancellationToken cancel)
    {
        var outcome = await publisher.WriteAsync<bool>(WriteAsync, Caller, cancel);
        for (var tries = 1; outcome.Problem?.Status == StatusCodes.Status503ServiceUnavailable && tries < Tries; tries++)
        {
            // Another node may be doing the same.
            await Task.Delay(1_000, cancel);
            outcome = await publisher.WriteAsync<bool>(WriteAsync, Caller, cancel);
        }

        return outcome.Problem is { } problem
            ? throw new InvalidOperationException($"The sample content was refused: {problem.Errors?[0].Pointer} {problem.Detail}")
            : outcome.Value!.Value;
    }

    private async Task<Outcome<bool>> WriteAsync(NewsDbContext db, CancellationToken cancel)
    {
        if (await db.Articles.AnyAsync(cancel) || await db.People.AnyAsync(cancel) || await db.Events.AnyAsync(cancel)
            || await db.Sections.AnyAsync(cancel) || await db.Tombstones.AnyAsync(cancel)) return false;

        foreach (var section in Read<SectionRef>("sections"))
            (await SectionEditor.FindOrAddAsync(db, section.Slug, section.Name, cancel)).PublishNewest = true;

        foreach (var person in Read<PersonInput>("people"))
        {
            if ((await CreateAsync(people, db, person, cancel)).Problem is { } problem) return problem;
        }

        foreach (var newsEvent in Read<EventInput>("events"))
        {
            if ((await CreateAsync(events, db, newsEvent, cancel)).Problem is { } problem) return problem;
        }

        foreach (var sample in Read<SampleArticle>("articles"))
        {
            var article = await CreateAsync(articles, db, sample.Article, cancel);
            if (article.Problem is { } problem) return problem;
            if (sample.PublishAt is { } at) Publication.Publish(article.Value!, at, at);
        }

        return true;
    }

    private async Task<Outcome<TResource>> CreateAsync<TResource, TInput>(
        ResourceWriter<TResource, TInput> writer, NewsDbContext db, TInput input, CancellationToken cancel)
        where TResource : Resource
        where TInput : class, IResourceInput
    {
        var faults = await services.GetRequiredService<IValidator<TInput>>().ValidateAsync(input, cancel);
        return faults.IsValid ? await writer.CreateAsync(db, input, keepAsDraft: false, cancel) : RequestValidation.Problem(faults);
    }

    private static List<T> Read<T>(string name)
    {
        using var file = File.OpenRead(Path.Combine(AppContext.BaseDirectory, "Samples", $"{name}.json"));
        using var document = JsonDocument.Parse(file);
        return
        [
            .. document.RootElement.EnumerateArray().Select(JsonBodies.To<T>).Select(sample =>
                sample.Problem is { } p ? throw new InvalidOperationException($"{name}.json: {p.Errors?[0].Pointer} {p.Detail}") : sample.Value!),
        ];
    }
}
