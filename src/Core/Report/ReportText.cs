using System.Text;
using Relo.Core.Bytes;
using Relo.Core.Checks;
using Relo.Core.Objects;

namespace Relo.Core.Report;

/// <summary>
/// Counts the characters of a report. Overlapping names take no space in a file, and a report repeats them for every record: without a
/// limit, an object of a few kilobytes has a report of gigabytes.
/// </summary>
/// <param name="allowed">The limit.</param>
internal sealed class ReportText(long allowed = ReportText.MaxCharacters)
{
    /// <summary>The largest known report, of 35,000 records, has less than a tenth of it.</summary>
    public const long MaxCharacters = 64L << 20;

    // Distinct texts are held in memory until the report is sent. The largest known report has less than a tenth of it.
    private const long MaxKept = 16L << 20;

    // Bytes shown of an access string that cannot be parsed.
    private const int MaxAccess = 64;

    private readonly Dictionary<int, string> _locals = [];
    private readonly Dictionary<int, int> _lengths = [];
    private long _kept;

    /// <summary>Characters counted so far.</summary>
    public long Taken { get; private set; }

    /// <summary>Counts a text.</summary>
    /// <exception cref="MalformedObjectException">The report is too long.</exception>
    public string Take(string text)
    {
        Pay(text.Length);
        return text;
    }

    /// <summary>Counts the name of a program, if there is one.</summary>
    public string? NameOf(BpfProgram? program) => program is null ? null : Take(program.Name);

    /// <summary>Counts a source line, if there is one.</summary>
    public SourceLine? Take(SourceLine? line)
    {
        if (line is not null) Pay(line.File.Length + line.Text.Length);
        return line;
    }

    /// <summary>Counts the names in the requirements of an object.</summary>
    public Requirements Take(Requirements requirements)
    {
        foreach (var name in requirements.TypedKsyms.Concat(requirements.Kfuncs).Concat(requirements.ConfigExterns)) Pay(name.Length);
        return requirements;
    }

    /// <summary>Counts the texts of needs, which stay in memory until the description is sent.</summary>
    public IReadOnlyList<Need> Take(IReadOnlyList<Need> needs)
    {
        foreach (var need in needs)
        {
            var characters = need.Name.Length + need.Programs.Sum(program => program.Length);
            Pay(characters);
            Keep(characters);
        }

        return needs;
    }

    /// <summary>Counts the texts of checks, which stay in memory until the report is sent.</summary>
    public IReadOnlyList<Check> Take(IReadOnlyList<Check> checks)
    {
        foreach (var check in checks)
        {
            var characters = check.Name.Length + check.Evidence.Length + check.Programs.Sum(program => program.Length);
            Pay(characters);
            Keep(characters);
        }

        return checks;
    }

    /// <summary>Counts <see cref="LocalText"/>. Records with the same access get the same string.</summary>
    public string LocalOf(BpfObject bpf, in CoreRecord record)
    {
        if (!_locals.TryGetValue(record.Spec, out var text)) _locals.Add(record.Spec, text = LocalText(bpf, record));
        return Take(text);
    }

    /// <summary>Characters of <see cref="LocalText"/>.</summary>
    public int LengthOf(BpfObject bpf, in CoreRecord record)
    {
        if (!_lengths.TryGetValue(record.Spec, out var length)) _lengths.Add(record.Spec, length = LocalText(bpf, record).Length);
        return length;
    }

    /// <summary>The access of a record in the object's types, or its raw parts if libbpf cannot parse it.</summary>
    public static string LocalText(BpfObject bpf, in CoreRecord record) => bpf.Specs[record.Spec].Spec is { } spec
        ? spec.Text
        : $"[{record.Relo.TypeId}] + {Encoding.UTF8.GetString(bpf.Types.NameUpTo(record.Relo.AccessOffset, MaxAccess))}";

    /// <summary>Counts characters that the report shows.</summary>
    /// <exception cref="MalformedObjectException">The report is too long.</exception>
    public void Pay(int characters)
    {
        if ((Taken += characters) > allowed) throw TooLong($"a report of its records has more than {allowed} characters");
    }

    /// <summary>Counts characters that stay in memory until the report is sent.</summary>
    /// <exception cref="MalformedObjectException">The texts are too long.</exception>
    public void Keep(int characters)
    {
        if ((_kept += characters) > MaxKept) throw TooLong($"the accesses of its records have more than {MaxKept} characters");
    }

    private static MalformedObjectException TooLong(string what) => new(
        MalformedObjectException.MalformedObject, ".BTF.ext", 0,
        $"{what}; its names are longer and repeated more often than any compiler writes");
}
