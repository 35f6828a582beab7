using System.Text.Json;
using System.Text.RegularExpressions;
using Relo.Conformance.Generated;
using Relo.Core.Btf;
using Relo.Core.Compatibility;
using Relo.Core.Fingerprints;
using Relo.Core.Objects;
using Relo.Core.Report;

namespace Relo.Core.Tests.Compatibility;

/// <summary>Kernels with the same layouts of what an object reads have the same outcome, to the last byte of the patched object.</summary>
public class EqualLayoutsTests
{
    private const int Lines = 8, Length = 5;

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Made_up_kernels_with_the_same_layouts_have_the_same_outcome(int part)
    {
        var (equal, different) = (0, 0);
        for (var seed = part * 200; seed < (part + 1) * 200; seed++)
        {
            var random = new Random(seed);
            var pair = seed % 2 == 0 ? GeneratedPair.Of(seed) : GeneratedPair.WithOptionalPrograms(seed);
            var kernels = new List<byte[]> { pair.Target };
            for (var line = 0; line < Lines; line++)
            {
                var neighbours = new KernelLine(pair.Target, fewestMembers: 1);
                for (var i = 0; i < Length; i++) kernels.Add(neighbours.Next(random, changes: 1));
            }

            Compare(pair.Object, kernels, ref equal, ref different);
        }

        Assert.True(equal > 1000 && different > 1000, $"{equal} alike, {different} not"); // neither is rare
    }

    private static void Compare(byte[] file, List<byte[]> kernels, ref int equal, ref int different)
    {
        if (TryRead(file) is not { } bpf || new CompatibilityCheck(bpf).Question is not { Obstacle: null } question) return;
        var known = new Dictionary<string, (string Outcome, CheckedKernel Checked, KernelFingerprints Layouts)>();
        foreach (var bytes in kernels)
        {
            if (TryOpen(bytes) is not { } types || KernelFingerprints.Of(types) is not { } layouts) continue;
            var outcome = new CompatibilityCheck(bpf).Check(types);
            var text = JsonSerializer.Serialize<object>(outcome.Outcome is Unrelocatable failed ? failed.Failure : outcome.Outcome)
                + (Relocator.Relocate(bpf, types) is Relocated relocated ? WithoutIds(JsonSerializer.Serialize(ReportBuilder.Build(bpf, relocated))) : "");
            if (!known.TryAdd(Tuple(layouts, question.Names), (text, outcome, layouts)))
            {
                var before = known[Tuple(layouts, question.Names)];
                if (before.Checked.Also is not { } also || Tuple(layouts, also) != Tuple(before.Layouts, also)) continue;
                Assert.Equal(before.Outcome, text);
                equal++;
            }
            else
            {
                different++;
            }
        }
    }

    private static string Tuple(KernelFingerprints layouts, IEnumerable<ulong> names)
    {
        var all = layouts.All.ToDictionary(one => one.Key, one => one.Fingerprint);
        return string.Join(' ', names.Select(name => all.TryGetValue(name, out var found) ? $"{found}" : "-"));
    }

    private static BpfObject? TryRead(byte[] file)
    {
        try
        {
            return BpfObject.Read(file);
        }
        catch (Bytes.MalformedObjectException)
        {
            return null;
        }
    }

    private static BtfTypes? TryOpen(byte[] btf)
    {
        try
        {
            return BtfReader.Read(btf);
        }
        catch (Bytes.MalformedObjectException)
        {
            return null;
        }
    }

    // Candidates of ambiguous records are listed with their ids, which layouts leave open.
    private static string WithoutIds(string report) => Regex.Replace(report, @"\[\d+\] ", "");
}
