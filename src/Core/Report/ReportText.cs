using System.Text;
using Relo.Core.Access;
using Relo.Core.Bytes;
using Relo.Core.Objects;
using Relo.Core.Relocation;

namespace Relo.Core.Report;

/// <summary>
/// Hands out the texts of a report and counts them. Names overlap at no cost in a file, and a report says each wherever it comes up: without
/// a limit an object of some kilobytes has a report of gigabytes.
/// </summary>
/// <param name="allowed">Characters it may have.</param>
internal sealed class ReportText(long allowed = ReportText.MaxCharacters)
{
    /// <summary>The report of 35,000 records, which is the most seen, has less than a tenth of it.</summary>
    public const long MaxCharacters = 64L << 20;

    /// <summary>Bytes shown of an access string that cannot be read.</summary>
    private const int MaxAccess = 64;

    private readonly Dictionary<AccessSpec, (string Whole, string Path)> _accesses = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<Resolution, string[]?> _candidates = new(ReferenceEqualityComparer.Instance);

    /// <summary>How many characters were handed out.</summary>
    public long Taken { get; private set; }

    /// <summary>A text that goes into the report once more.</summary>
    /// <exception cref="MalformedObjectException">The report becomes too long.</exception>
    public string Take(string text)
    {
        Pay(text.Length);
        return text;
    }

    /// <summary>The name of a function, if there is one.</summary>
    public string? NameOf(BpfProgram? program) => program is null ? null : Take(program.Name);

    /// <summary>The source line of an entry, if it has one.</summary>
    public SourceLine? Take(SourceLine? line)
    {
        if (line is not null) Pay(line.File.Length + line.Text.Length);
        return line;
    }

    /// <summary>What an object asks of the node, each name once.</summary>
    public Requirements Take(Requirements requirements)
    {
        foreach (var name in (string[])[.. requirements.TypedKsyms, .. requirements.Kfuncs, .. requirements.ConfigExterns]) Pay(name.Length);
        return requirements;
    }

    /// <summary><see cref="AccessSpec.Text"/>, made once for all records that share the access.</summary>
    public string Of(AccessSpec access) => Take(Texts(access).Whole);

    /// <summary>What a record asks for, in the object's types: its access, or the raw parts of one that libbpf cannot read.</summary>
    public string LocalOf(BpfObject bpf, in CoreRecord record) => bpf.Specs[record.Spec].Spec is { } spec
        ? Of(spec)
        : Take($"[{record.Relo.TypeId}] + {Encoding.UTF8.GetString(bpf.Types.NameUpTo(record.Relo.AccessOffset, MaxAccess))}");

    /// <summary><see cref="AccessSpec.PathText"/>, likewise.</summary>
    public string PathOf(AccessSpec access) => Take(Texts(access).Path);

    /// <summary>The candidates as <paramref name="make"/> words them, once for all records that share the answer.</summary>
    public string[]? CandidatesOf(Resolution resolution, Func<string[]?> make)
    {
        if (!_candidates.TryGetValue(resolution, out var texts)) _candidates.Add(resolution, texts = make());
        foreach (var text in texts ?? []) Pay(text.Length);
        return texts;
    }

    private (string Whole, string Path) Texts(AccessSpec access)
    {
        if (!_accesses.TryGetValue(access, out var texts)) _accesses.Add(access, texts = (access.Text, access.PathText));
        return texts;
    }

    private void Pay(int characters)
    {
        if ((Taken += characters) > allowed)
            throw new MalformedObjectException(MalformedObjectException.MalformedObject, ".BTF.ext", 0, $"a report of its records has more than {allowed} characters; the names in it are long and repeated beyond any compiler's");
    }
}
