using System.Globalization;
using NewsApi.Articles;
using NewsApi.Events;
using NewsApi.People;
using NewsApi.Publishing;

namespace NewsApi.Generate;

/// <summary>
/// Content of the size and shape that news has, in German that nobody wrote: always the same for the same seed, and every
/// item by itself, so that item 7 is what it is whatever is asked for before it or after it. Nobody in it lives.
/// </summary>
/// <param name="seed">Another seed gives other content with other ids.</param>
/// <param name="people">How many people there are to be named. An article names those who are known by its time, however many come after.</param>
/// <param name="events">How many events there are to be named.</param>
internal sealed class GeneratedContent(long seed, int people, int events)
{
    private const int ArticlesPerPerson = 50;
    private const int ArticlesPerEvent = 100;
    private const int FirstPeople = 20;
    private const int FirstEvents = 10;

    /// <summary>So many events apart stand those that others are part of.</summary>
    private const int Whole = 40;

    private static readonly DateTimeOffset First = new(2005, 1, 1, 5, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan Years = TimeSpan.FromDays(20 * 365);

    public static IEnumerable<(string Slug, string Name)> Sections => Vocabulary.Fields.Select(f => (f.Slug, f.Name));

    /// <summary>How many people go with so many articles.</summary>
    public static int PeopleFor(int articles) => articles / ArticlesPerPerson + FirstPeople;

    /// <summary>How many events go with so many articles.</summary>
    public static int EventsFor(int articles) => articles / ArticlesPerEvent + FirstEvents;

    public PersonInput Person(int index)
    {
        var dice = new Dice(seed, 'p', index);
        var (named, given, family) = Known(dice, index);
        var born = dice.Between(1935, 1995);
        return new PersonInput
        {
            Id = named.Id,
            Name = named.Name,
            GivenName = given,
            FamilyName = family,
            Names = Names(dice, given, family),
            Offices = Offices(dice, named.Office, born),
            Description = $"{named.Name} stammt aus {dice.Pick(Vocabulary.Towns).Name} und ist im Bereich {dice.Pick(Vocabulary.Fields).Name} tätig.",
            BirthDate = PartialDate(dice, born),
            DeathDate = dice.In(4) ? Year(dice.Between(1996, 2004)) : null,
            Image = dice.In(60) ? Picture(dice, named.Name) : null,
            ExternalIds = [new ExternalId { Source = "redaktion", Value = Number("person", index) }],
        };
    }

    public EventInput Event(int index)
    {
        var dice = new Dice(seed, 'e', index);
        var (id, at) = KnownEvent(dice, index);
        var field = dice.Pick(Vocabulary.Fields);
        var town = dice.Pick(Vocabulary.Towns);
        var participants = Linked(dice, Math.Max(0, index - FirstEvents) * ArticlesPerEvent, dice.Between(0, 5));
        var about = Prose.Compound(dice, field);
        var start = Start(dice, at);
        return new EventInput
        {
            Id = id,
            Title = $"{dice.Pick(Vocabulary.EventTitles)} über {about.Accusative} in {town.Name}",
            Description = new Prose(dice, field, town.Name, participants).Paragraph(),
            Kind = dice.Pick(Vocabulary.EventKinds),
            Start = new EventTimeInput { Value = start, TimeZone = town.Zone },
            End = start.Length == 10 && dice.In(40) ? new EventTimeInput { Value = Date(at.AddDays(dice.Between(0, 4))), TimeZone = town.Zone } : null,
            Certainty = dice.Pick(Vocabulary.Certainties),
            Place = PlaceOf(town),
            Participants =
            [
                .. participants.Select(p => new ParticipantInput { Person = new ParticipantLink { Id = p.Id }, Mode = dice.Pick(Vocabulary.Modes), Role = p.Office }),
                new ParticipantInput { Name = $"Delegation {dice.Pick(field.Actors).Genitive}", Mode = "expected", Country = town.Country },
            ],
            PartOf = index >= Whole && index % Whole != 0 && dice.In(15) ? new EventLink { Id = EventId(index / Whole * Whole) } : null,
            ExternalIds = [new ExternalId { Source = "redaktion", Value = Number("termin", index) }],
        };
    }

    public NewResource<ArticleInput> Article(int index)
    {
        var dice = new Dice(seed, 'a', index);
        var at = At(index + dice.Share());
        var field = dice.Pick(Vocabulary.Fields);
        var town = dice.Pick(Vocabulary.Towns);
        var linked = Linked(dice, index, dice.Between(3, 7));
        var prose = new Prose(dice, field, town.Name, linked);
        var agencies = dice.Several(Vocabulary.Agencies, dice.Between(1, 3));
        var input = new ArticleInput
        {
            Id = dice.Id(at),
            Kicker = prose.Kicker(),
            Headline = prose.Headline(),
            Subhead = dice.In(30) ? prose.Subhead() : null,
            Teaser = prose.Teaser(),
            Body = Body(dice, prose),
            Dateline = town.Name,
            Section = new SectionLink { Slug = field.Slug },
            Tags = [.. dice.Several(field.Tags, dice.Between(2, 4))],
            Topics = [field.Topic],
            Byline = dice.In(20) ? $"Redaktion {field.Name}" : null,
            Sources = [.. agencies.Select(name => new Source { Name = name, Role = "agency" })],
            Genre = dice.Pick(Vocabulary.Genres),
            Urgency = dice.Between(3, 6),
            Images = [Picture(dice, prose.Caption())],
            People =
            [
                .. linked.Select((p, i) => new PersonLink
                {
                    Id = p.Id,
                    Relation = i == 0 ? Relations.About : i < 3 ? Relations.Quoted : Relations.Mentioned,
                    Office = dice.In(70) ? p.Office : null,
                }),
            ],
            Events = [.. LinkedEvents(dice, index, dice.Between(1, 3)).Select(id => new EventLink { Id = id })],
            Organisations = [new Organisation { Name = dice.Pick(field.Actors).Bare }],
            Places = [PlaceOf(town)],
            ExternalIds = [new ExternalId { Source = agencies[0].ToLowerInvariant(), Value = Number(at.ToString("yyyyMMdd", CultureInfo.InvariantCulture), index) }],
        };
        return new NewResource<ArticleInput>(input, at);
    }

    /// <summary>
    /// The instant that belongs to a place in the row of articles: later for a higher one, and never beyond the twenty years. The archive
    /// grows denser towards its end, so that a few articles lie years apart from each other as well as a million.
    /// </summary>
    private static DateTimeOffset At(double place)
    {
        const double half = 20_000;
        return First.AddMilliseconds(Math.Floor(Years.TotalMilliseconds * place / (place + half)));
    }

    private static (Named Named, string Given, string Family) Known(Dice dice, int index)
    {
        var id = dice.Id(At(Math.Max(0, index - FirstPeople) * ArticlesPerPerson));
        var isWoman = dice.In(50);
        var given = dice.Pick(isWoman ? Vocabulary.Women : Vocabulary.Men);
        var family = dice.Pick(Vocabulary.FamilyFirst) + dice.Pick(Vocabulary.FamilyLast);
        return (new Named(id, $"{given} {family}", dice.Pick(isWoman ? Vocabulary.OfficesOfWomen : Vocabulary.OfficesOfMen)), given, family);
    }

    private static (Guid Id, DateTimeOffset At) KnownEvent(Dice dice, int index)
    {
        var at = At(Math.Max(0, index - FirstEvents) * ArticlesPerEvent);
        return (dice.Id(at), at.AddDays(dice.Between(-3, 40)));
    }

    private Guid EventId(int index) => KnownEvent(new Dice(seed, 'e', index), index).Id;

    /// <summary>Some of the first people, the first ones often.</summary>
    private List<Named> Linked(Dice dice, int article, int count)
    {
        var among = Math.Min(people, PeopleFor(article));
        var linked = new List<Named>(count);
        for (var tries = 0; among > 0 && linked.Count < count && tries < 2 * count; tries++)
        {
            var index = dice.Rank(among);
            var named = Known(new Dice(seed, 'p', index), index).Named;
            if (!linked.Exists(p => p.Id == named.Id)) linked.Add(named);
        }

        return linked;
    }

    /// <summary>Some of the first events, the last of them often: news is about what is at hand.</summary>
    private List<Guid> LinkedEvents(Dice dice, int article, int count)
    {
        var among = Math.Min(events, EventsFor(article));
        var linked = new List<Guid>(count);
        for (var tries = 0; among > 0 && linked.Count < count && tries < 2 * count; tries++)
        {
            var id = EventId(among - 1 - dice.Rank(among));
            if (!linked.Contains(id)) linked.Add(id);
        }

        return linked;
    }

    private static List<Block> Body(Dice dice, Prose prose)
    {
        var paragraphs = dice.Between(8, 14);
        var body = new List<Block>(paragraphs + 4);
        for (var i = 0; i < paragraphs; i++)
        {
            if (i > 0 && i % 4 == 0) body.Add(new Block { Type = "crosshead", Text = prose.Crosshead() });
            body.Add(new Block { Type = "paragraph", Text = prose.Paragraph() });
        }

        return body;
    }

    /// <summary>Three to six spellings: the one printed, the family name, an abbreviation, and what else comes up.</summary>
    private static List<NameEntry> Names(Dice dice, string given, string family)
    {
        var names = new List<NameEntry>
        {
            new() { Value = $"{given} {family}", Language = "de", Script = "Latn", Kind = NameKinds.Preferred },
            new() { Value = family, Language = "de", Script = "Latn" },
            new() { Value = $"{given[0]}. {family}" },
        };
        var plain = Slugs.Make($"{given} {family}", "").Split('-');
        if (plain.Length == 2 && $"{Capital(plain[0])} {Capital(plain[1])}" is var folded && folded != names[0].Value) names.Add(new NameEntry { Value = folded, Kind = "romanisation" });
        if (dice.In(30)) names.Add(new NameEntry { Value = $"{given} {family[..^2]}{family[^1]}{family[^2]}", Kind = "misspelling" });
        if (dice.In(15)) names.Add(new NameEntry { Value = $"{given} {dice.Pick(Vocabulary.FamilyFirst)}egg", Kind = "former" });
        return names;

        static string Capital(string word) => char.ToUpperInvariant(word[0]) + word[1..];
    }

    private static List<OfficeEntry> Offices(Dice dice, string office, int born)
    {
        var from = born + dice.Between(25, 45);
        var offices = new List<OfficeEntry>
        {
            new() { Title = office, Organisation = dice.Pick(dice.Pick(Vocabulary.Fields).Actors).Bare, Country = dice.Pick(Vocabulary.Towns).Country, From = PartialDate(dice, from) },
        };
        if (dice.In(40)) offices.Add(new OfficeEntry { Title = Vocabulary.OfficesOfWomen.Contains(office) ? "Referentin" : "Referent", From = Year(from - 9), To = Year(from - 1) });
        return offices;
    }

    /// <summary>As far as somebody may have known it: to the minute, the day, the month or the year.</summary>
    private static string Start(Dice dice, DateTimeOffset at) => dice.Below(20) switch
    {
        < 10 => string.Create(CultureInfo.InvariantCulture, $"{at:yyyy-MM-dd}T{dice.Between(8, 20):00}:{15 * dice.Below(4):00}"),
        < 17 => Date(at),
        < 19 => at.ToString("yyyy-MM", CultureInfo.InvariantCulture),
        _ => Year(at.Year),
    };

    private static string PartialDate(Dice dice, int year) => dice.Below(3) switch
    {
        0 => Year(year),
        1 => string.Create(CultureInfo.InvariantCulture, $"{year}-{dice.Between(1, 12):00}"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{year}-{dice.Between(1, 12):00}-{dice.Between(1, 28):00}"),
    };

    private static string Date(DateTimeOffset at) => at.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static string Year(int year) => year.ToString("0000", CultureInfo.InvariantCulture);

    private string Number(string kind, int index) => string.Create(CultureInfo.InvariantCulture, $"{kind}-{seed}-{index}");

    private static Place PlaceOf((string Name, string Country, double Latitude, double Longitude, string Zone) town) =>
        new() { Name = town.Name, Country = town.Country, Latitude = town.Latitude, Longitude = town.Longitude };

    private static Image Picture(Dice dice, string caption) => new()
    {
        Url = string.Create(CultureInfo.InvariantCulture, $"https://bilder.example/{dice.Next():x16}.jpg"),
        Alt = caption,
        Caption = caption,
        Credit = $"{dice.Pick(Vocabulary.Agencies)}/Archiv",
        Width = 1600,
        Height = dice.Pick((int[])[900, 1067, 1200]),
        FocalPoint = new FocalPoint { X = dice.Below(100) / 100.0, Y = dice.Below(100) / 100.0 },
    };
}
