using System.Globalization;
using Relo.Conformance.Corpus;
using Relo.Conformance.Generated;
using Relo.Core;
using Relo.Core.Btf;
using Relo.Core.Checks;
using Relo.Core.Objects;
using Relo.Core.Report;

namespace Relo.Conformance.Needs;

/// <summary>Helpers are present and absent as documents of each kernel say: <c>helpers.tsv</c> names them.</summary>
public sealed class HelperListTests
{
    private const int WantedPairs = 100;

    // Vendors' kernels with the helpers of a later release; Kylin's has its own.
    private static readonly Dictionary<string, double> Backported = new() { ["btfhub-centos"] = 5.00, ["btfhub-bclinux"] = 5.05 };

    private static readonly Listed[] All = [.. File.ReadLines(Path.Combine(AppContext.BaseDirectory, "helpers.tsv"))
        .Where(line => line.Length > 0 && line[0] != '#').Select(line => line.Split('\t'))
        .Select(fields => new Listed(fields[0], int.Parse(fields[1], CultureInfo.InvariantCulture), fields[2]))];

    public static TheoryData<string> Kernels => [.. Kernel.All.Where(kernel => Release(kernel.Line) <= 6.12).Select(kernel => kernel.Id)];

    [Theory(SkipTestWithoutData = true)]
    [MemberData(nameof(Kernels))]
    public void A_kernel_has_the_helpers_of_its_release(string id)
    {
        var kernel = Kernel.All.Single(one => one.Id == id);
        var has = Math.Max(Release(kernel.Line), Backported.GetValueOrDefault(id.Split('/')[0]));
        var bpf = BpfObject.Read(CallingAll());
        var relocated = Assert.IsType<Relocated>(
            Relocator.Relocate(bpf, BtfReader.Read(File.ReadAllBytes(kernel.Path)), TestContext.Current.CancellationToken));
        var checks = ReportBuilder.Build(bpf, relocated, TestContext.Current.CancellationToken).Checks
            .Where(check => check.Kind == NeedKind.Helper).ToDictionary(check => check.Name["bpf_".Length..]);
        Assert.True(All.Length >= WantedPairs, $"{All.Length} helpers");
        Assert.Equal(All.Select(helper => helper.Name).Order(StringComparer.Ordinal), checks.Keys.Order(StringComparer.Ordinal));
        Assert.All(All,
            helper =>
                Assert.Equal(
                    (helper.Name, helper.In(has) ? CheckStatus.Present : CheckStatus.Absent), (helper.Name, checks[helper.Name].Status)));
        Assert.All(All.Where(helper => char.IsDigit(helper.Introduced[^1])),
            helper => Assert.Equal((helper.Name, helper.Introduced), (helper.Name, checks[helper.Name].Since)));
    }

    /// <summary>An object whose only program calls each of them; a record that says nothing precedes each call.</summary>
    private static byte[] CallingAll()
    {
        var types = new BtfAssembler();
        var number = types.Add(new IntT("int", 4, IntT.Signed));
        return ObjectAssembler.Write(types, [.. All.Select(helper =>
            new MadeRecord([0xb7, 1, 0, 0, 0, 0, 0, 0, 0x85, 0, 0, 0, .. BitConverter.GetBytes(helper.Number)], number, "0", Kind: 6))]);
    }

    // 5.10 follows 5.9.
    private static double Release(string text)
    {
        var parts = text.Split('.');
        return int.Parse(parts[0], CultureInfo.InvariantCulture) + (int.Parse(parts[1], CultureInfo.InvariantCulture) / 100.0);
    }

    /// <summary>A line of the table.</summary>
    private sealed record Listed(string Name, int Number, string Introduced)
    {
        public bool In(double release) => release >= Release(Introduced.TrimEnd('-', '+'));
    }
}
