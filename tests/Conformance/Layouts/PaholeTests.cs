using System.Diagnostics;
using System.Text.RegularExpressions;
using Relo.Conformance.Corpus;
using Relo.Core.Btf;
using Relo.Core.Layouts;

namespace Relo.Conformance.Layouts;

/// <summary>Offset and size of each member of random structs, beside pahole's.</summary>
public sealed partial class PaholeTests(ITestOutputHelper output)
{
    private const int StructsOfEach = 500, Kernels = 6, Seed = 20;

    [Fact]
    public void Each_member_has_the_offset_and_size_that_pahole_prints()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/pahole"), "pahole is not installed");
        Assert.SkipWhen(Kernel.All.Count == 0, "there is no corpus here");
        var (structs, members) = (0, 0);
        foreach (var kernel in Kernel.All.Where((_, i) => i % Math.Max(1, Kernel.All.Count / Kernels) == 0))
        {
            var types = BtfReader.Read(File.ReadAllBytes(kernel.Path));
            var picked = Pick(types);
            var theirs = Split(Pahole(kernel.Path, picked.Keys));
            foreach (var (name, type) in picked)
            {
                if (!theirs.TryGetValue(name, out var expected)) continue; // pahole prints no struct without members
                var found = Places(LayoutText.Of(LayoutReader.Read(types, type)));
                Assert.True(expected.SequenceEqual(found),
                    $"{kernel.Id}: struct {name}: pahole {string.Join(", ", expected)}; found {string.Join(", ", found)}");
                structs++;
                members += found.Count;
            }
        }

        output.WriteLine($"{structs} structs with {members} members");
        Assert.True(structs > StructsOfEach);
    }

    // Structs whose name occurs once, so that pahole means the same.
    private static Dictionary<string, BtfType> Pick(BtfTypes types)
    {
        var named = Enumerable.Range(1, types.Count - 1).Select(id => types[(uint)id])
            .Where(type => type.NameOffset != 0 && type.Kind is BtfKind.Struct or BtfKind.Union or BtfKind.Typedef or BtfKind.Fwd)
            .GroupBy(type => types.NameText(type.NameOffset)).Where(group => group.Count() == 1).Select(group => group.Single())
            .Where(type => type.Kind == BtfKind.Struct && type.Count > 0).ToArray();
        new Random(Seed).Shuffle(named);
        return named.Take(StructsOfEach).ToDictionary(type => types.NameText(type.NameOffset));
    }

    private static string Pahole(string path, IEnumerable<string> names)
    {
        using var process = Process.Start(
            new ProcessStartInfo("pahole", ["-F", "btf", "-C", string.Join(',', names), path]) { RedirectStandardOutput = true })!;
        var text = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return text;
    }

    private static Dictionary<string, List<string>> Split(string text)
    {
        var all = new Dictionary<string, List<string>>(StringComparer.Ordinal);
        foreach (Match match in Whole().Matches(text)) all.TryAdd(match.Groups["name"].Value, Places(WithoutPointees(match.Value)));
        return all;
    }

    // Of "struct { … } *parts;" pahole prints the members, too, which are not members of the struct.
    private static string WithoutPointees(string text)
    {
        var (lines, open) = (new List<string>(), new Stack<int>());
        foreach (var line in text.Split('\n'))
        {
            if (line.EndsWith('{')) open.Push(lines.Count + 1);
            if (Pointer().IsMatch(line) && open.TryPeek(out var first)) lines.RemoveRange(first, lines.Count - first);
            if (line.TrimStart().StartsWith('}')) open.TryPop(out _);
            lines.Add(line);
        }

        return string.Join('\n', lines);
    }

    private static List<string> Places(string text) =>
        [.. Place().Matches(text)
            .Select(match =>
                $"{match.Groups["offset"].Value}{(match.Groups["bit"].Success ? ":" + match.Groups["bit"].Value : "")} {match.Groups["size"].Value}")];

    [GeneratedRegex(@"^struct (?<name>\w+) \{\n.*?^\}", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Whole();

    [GeneratedRegex(@"^\s*\}\s*\*")]
    private static partial Regex Pointer();

    [GeneratedRegex(@"/\*\s*(?<offset>\d+)(:\s*(?<bit>\d+))?\s+(?<size>\d+)\s*\*/")]
    private static partial Regex Place();
}
