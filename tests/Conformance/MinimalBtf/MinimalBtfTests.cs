using Relo.Conformance.Comparison;
using Relo.Conformance.Corpus;
using Relo.Conformance.Generated;
using Relo.Conformance.Oracle;
using Relo.Core;
using Relo.Core.Btf;
using Relo.Core.BtfExt;
using Relo.Core.MinimalBtf;
using Relo.Core.Objects;

namespace Relo.Conformance.MinimalBtf;

/// <summary>
/// Minimal BTF: what is in it, by bpftool; what it is good for, by libbpf and by ourselves. The oldest and the newest
/// kernel of each architecture.
/// </summary>
public sealed class MinimalBtfTests(MinimalBtfTally tally) : IClassFixture<MinimalBtfTally>
{
    private const uint TypeIdTarget = (uint)CoreReloKind.TypeIdTarget;

    // Of the C family an old and a new compiler's: those between differ in instructions alone, which nothing here depends on.
    private static readonly string[] Folders = ["libbpf-tools/", "xdp-tools/", "clang-14-v1/", "clang-14-be/", "clang-19-v1/"];

    private static readonly Lazy<IReadOnlyList<(CorpusObject Object, BpfObject Bpf)>> Objects = new(() =>
        [.. CorpusObject.All.Where(o => Folders.Any(folder => o.Name.StartsWith(folder, StringComparison.Ordinal)))
            .Select(o => (o, Open(o)!)).Where(o => o.Item2 is not null)]);

    // bpftool and Debian's libbpf open no big-endian ones.
    private static IEnumerable<(CorpusObject Object, BpfObject Bpf)> JudgedObjects => Objects.Value.Where(o => !o.Object.IsBigEndian);

    public static TheoryData<string> Kernels =>
        [.. Kernel.All
            .GroupBy(kernel => kernel.Architecture, (_, kernels) => kernels.OrderBy(kernel => Version.Parse(kernel.Line)).ToArray())
            .SelectMany(kernels => new[] { kernels[0].Id, kernels[^1].Id }).Distinct()];

    [Theory(SkipTestWithoutData = true)]
    [MemberData(nameof(Kernels))]
    public void It_has_the_types_of_bpftools(string kernel)
    {
        Assert.SkipWhen(Bpftool.Path is null, "bpftool is not installed");
        var (path, types) = Target(kernel);
        var pairs = 0;
        Parallel.ForEach(JudgedObjects, new() { MaxDegreeOfParallelism = Environment.ProcessorCount }, judged =>
        {
            var (file, bpf) = judged;
            var (theirs, said) = Bpftool.MinimalBtf(path, file.Path);
            var ours = MinimalBtfMaker.Make(bpf, types, TestContext.Current.CancellationToken);
            if (theirs is null)
            {
                // It wants records, and a .BTF.ext to find them in.
                Assert.True(ours is MinimalBtfFailed || bpf.Ext is null, $"{file.Name}: bpftool refuses it and we do not: {said}");
                return;
            }

            var made = Assert.IsType<MinimalBtfMade>(ours);
            Assert.False(made.IsWidened, $"{file.Name}: bpftool's BTF does not do for {kernel}");
            Assert.Equal(TypeText.All(BtfReader.Read(theirs)), TypeText.All(BtfReader.Read(made.Bytes)));
            Interlocked.Increment(ref pairs);
        });
        Assert.True(pairs > 0, "bpftool took no object");
        tally.Bpftool(pairs);
    }

    [Theory(SkipTestWithoutData = true)]
    [MemberData(nameof(Kernels))]
    public void It_relocates_every_object_as_the_whole_BTF_does(string kernel)
    {
        var (_, types) = Target(kernel);
        foreach (var (file, bpf) in Objects.Value)
        {
            var made = MinimalBtfMaker.Make(bpf, types, TestContext.Current.CancellationToken);
            var whole = Relocator.Relocate(bpf, types, cancellation: TestContext.Current.CancellationToken);
            if (made is not MinimalBtfMade { Bytes: var bytes })
            {
                Assert.IsType<RelocationFailed>(whole);
                continue;
            }
            var minimal = Relocator.Relocate(bpf, BtfReader.Read(bytes), cancellation: TestContext.Current.CancellationToken);
            if (whole is RelocationFailed failed)
            {
                // What the instruction itself is to blame for fails either way.
                Assert.Equal(failed.Index, Assert.IsType<RelocationFailed>(minimal).Index);
                continue;
            }
            Assert.True(
                SameButForIds((Relocated)whole, Assert.IsType<Relocated>(minimal)), $"{file.Name} for {kernel} comes out otherwise");
            tally.Ours(bytes.Length, types.Bytes.Length);
        }
    }

    [Theory(SkipTestWithoutData = true)]
    [MemberData(nameof(Kernels))]
    public void Libbpf_relocates_through_it_as_through_the_whole_BTF(string kernel)
    {
        var (path, types) = Target(kernel);
        var minimal = JudgedObjects.Where(o => o.Bpf.Records.Length > 0)
            .Select(o => (o.Object, Made: MinimalBtfMaker.Make(o.Bpf, types, TestContext.Current.CancellationToken) as MinimalBtfMade))
                .Where(o => o.Made is not null).ToArray();
        using var oracle = new LibbpfOracle();
        var whole = minimal.Select(o => oracle.Ask(o.Object.Path, path)).ToArray(); // one after another: the target stays open
        using var folder = new TemporaryFolder();
        var pairs = 0;
        foreach (var ((file, made), expected) in minimal.Zip(whole))
        {
            if (expected.Outcome != OracleOutcome.Relocated) continue;
            var found = oracle.Ask(file.Path, folder.Write("btf", made!.Bytes.ToArray()));
            Assert.True(
                found.Outcome == OracleOutcome.Relocated, $"{file.Name} for {kernel}: {found.Outcome} {string.Join('\n', found.Log)}");
            foreach (var record in new ObjectFile(file.Bytes).Records.Where(
                r => r.Kind != TypeIdTarget && expected.Instructions.ContainsKey(r.InBtfExt)))
                Assert.True(expected.Instructions[record.InBtfExt].SequenceEqual(found.Instructions[record.InBtfExt]),
                    $"{file.Name} for {kernel}: record {record.Index}");
            pairs++;
        }
        Assert.True(pairs > 0, "libbpf relocated nothing");
        tally.Libbpf(pairs);
    }

    // The id of a type is another in other BTF: that instruction is taken over, the rest of the file is compared.
    private static bool SameButForIds(Relocated whole, Relocated minimal)
    {
        var expected = whole.PatchedBytes.ToArray();
        foreach (var fixup in whole.Fixups.Where(fixup => fixup.Record.Relo.Kind == CoreReloKind.TypeIdTarget))
        {
            var at = (int)fixup.Record.Section!.Offset + (int)fixup.Record.Relo.InstructionOffset;
            minimal.PatchedBytes.Span.Slice(at, fixup.Change.Before.First.IsLoadImm64 ? 16 : 8).CopyTo(expected.AsSpan(at));
        }
        return minimal.PatchedBytes.Span.SequenceEqual(expected);
    }

    private static (string Path, BtfTypes Types) Target(string kernel)
    {
        var path = Kernel.All.Single(k => k.Id == kernel).Path;
        return (path, BtfReader.Read(File.ReadAllBytes(path)));
    }

    private static BpfObject? Open(CorpusObject bpf)
    {
        try
        {
            return BpfObject.Read(bpf.Bytes);
        }
        catch (Core.Bytes.MalformedObjectException)
        {
            return null; // judged with libbpf, in LibbpfTests
        }
    }
}
