using System.Text.Json;
using Relo.Conformance.Generated;
using Relo.Core.Btf;
using Relo.Core.Objects;
using Relo.Core.Report;

namespace Relo.Core.Tests.Report;

/// <summary>
/// A report is printed piece by piece, after the kernel's types are closed; it is that of <see cref="PlainReport"/>, byte for byte.
/// </summary>
public class ReportAgainstPlainTests
{
    private const int Seeds = 400;

    [Fact]
    public async Task Report_of_made_up_objects_is_the_plain_one()
    {
        var (compared, changes, warnings) = (0, 0, 0);
        for (var seed = 0; seed < Seeds; seed++)
        {
            var pair = seed % 2 == 0 ? GeneratedPair.Of(seed) : GeneratedPair.WithOptionalPrograms(seed);
            var bpf = BpfObject.Read(pair.Object);
            if (Relocator.Relocate(
                bpf, BtfReader.Read(pair.Target), cancellation: TestContext.Current.CancellationToken) is not Relocated relocated) continue;
            var plain = PlainReport.Of(bpf, relocated, TestContext.Current.CancellationToken);
            var expected = JsonSerializer.Serialize(plain);
            using var streamed = new MemoryStream();
            await JsonSerializer.SerializeAsync(streamed, ReportBuilder.Build(bpf, relocated, TestContext.Current.CancellationToken),
                cancellationToken: TestContext.Current.CancellationToken);
            Assert.True(streamed.ToArray().AsSpan().SequenceEqual(System.Text.Encoding.UTF8.GetBytes(expected)),
                $"seed {seed}: the plain report is {expected}");
            compared++;
            changes += plain.FieldChanges.Count;
            warnings += plain.Warnings.Count();
        }
        // The pairs must have something to print.
        Assert.True(
            compared > Seeds / 3 && changes > Seeds && warnings > Seeds, $"{compared} reports, {changes} changes, {warnings} warnings");
    }
}
