using Relo.Fuzz.Harnesses;

namespace Relo.Fuzz;

/// <summary>Inputs that once revealed a defect.</summary>
public sealed class FindingsTests
{
    public static TheoryData<string> Files() =>
        [.. Directory.EnumerateFiles(Folders.Committed, "*.bin", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(Folders.Committed, file)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Files))]
    public void What_was_found_is_answered_or_refused(string file) =>
        Assert.Null(Oracle.Judge(All.Named(Path.GetDirectoryName(file)!), File.ReadAllBytes(Path.Combine(Folders.Committed, file))).Fault);
}
