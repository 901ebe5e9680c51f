using System.Globalization;
using System.Text;

namespace NewsApi.People.Names;

/// <summary>A word of a name in all the forms that comparing needs.</summary>
internal sealed class NameWordForms
{
    private readonly HashSet<string> _all;

    private NameWordForms(NameWord word, bool isFamily, bool isSlavic)
    {
        (Word, IsFamily) = (word, isFamily);
        Letters = word.Text.Normalize(NormalizationForm.FormC).ToLowerInvariant();
        IsCyrillic = Letters.Any(Romanisation.IsCyrillic);
        IsLatin = !IsCyrillic && Letters.Where(char.IsLetter).All(c => c < '\u0370' || c is >= '\u1E00' and <= '\u1EFF');
        Latin = [.. NameKeys.Latin([word.Text]).Select(w => w[0])];
        Plain = NameFold.Plain(Latin[0]);
        Generals = [.. Latin.SelectMany(l => (string[])[NameFold.Plain(l), NameFold.Plain(l, german: true)]).Select(NameFold.General)];
        Slavics = isSlavic || IsCyrillic ? [.. NameFold.Slavic(word.Text)] : [];
        _all = [.. Generals, .. Slavics.Select(s => "~" + s)];
    }

    public NameWord Word { get; }
    public bool IsFamily { get; }

    /// <summary>As written, in lower case.</summary>
    public string Letters { get; }
    public bool IsCyrillic { get; }
    public bool IsLatin { get; }
    public IReadOnlyList<string> Latin { get; }
    public string Plain { get; }
    public HashSet<string> Generals { get; }
    public IReadOnlyList<string> Slavics { get; }

    /// <summary>Every folded form.</summary>
    public IReadOnlySet<string> All => _all;

    public bool SharesFormWith(NameWordForms other) => _all.Overlaps(other._all);

    /// <summary>A name with a Chinese character changed is another name; elsewhere it may be a slip.</summary>
    public bool IsIdeographic => Letters.EnumerateRunes().Any(r => Rune.GetUnicodeCategory(r) == UnicodeCategory.OtherLetter && r.Value is >= 0x3400 and < 0xA000 or >= 0x20000);

    public bool IsPatronymic => Slavics.Concat(Generals).Any(s => s.Length > 5
        && (s.EndsWith("oviq", StringComparison.Ordinal) || s.EndsWith("eviq", StringComparison.Ordinal) || s.EndsWith("ovna", StringComparison.Ordinal)
            || s.EndsWith("evna", StringComparison.Ordinal) || s.EndsWith("ivna", StringComparison.Ordinal) || s.EndsWith("ovich", StringComparison.Ordinal)));

    public static List<NameWordForms> Of(PersonalName name)
    {
        var isSlavic = name.Words.Where((w, i) => NameFold.LooksSlavic(NameFold.Plain(w.Text), i >= name.Words.Count - name.FamilyWords)).Any();
        return [.. name.Words.Select((w, i) => new NameWordForms(w, i >= name.Words.Count - name.FamilyWords, isSlavic))];
    }

    /// <summary>Two words written as one.</summary>
    public NameWordForms With(NameWordForms next) => new(
        new NameWord(Word.Text + next.Word.Text.ToLowerInvariant(), false, Word.IsJoined), IsFamily || next.IsFamily, Slavics.Count > 0);
}
