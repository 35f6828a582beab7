using System.Text;
using Relo.Conformance.Corpus;
using Relo.Core;
using Relo.Core.Btf;
using Relo.Core.Diagnoses;
using Relo.Core.Objects;
using Relo.Core.Report;

namespace Relo.Conformance;

/// <summary>Fields that Linux renamed or moved, looked for with the real BTF of kernels from before and after (Diagnoses/renames.bpf.c).</summary>
public sealed class RenameTests
{
    private const string Old = "5.10.0-46-amd64", Middle = "6.1.0-56-amd64", New = "6.12.117+deb12-amd64", Newest = "7.3.4+deb13-cloud-amd64";

    private static readonly BpfObject Renames = BpfObject.Read(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Diagnoses", "renames.bpf.o")));

    /// <summary>program, the kernel that has the field, the one that lacks it, and what must be proposed first.</summary>
    [Theory]
    [InlineData("state", Old, Middle, "renamed", "__state", "unsigned int")] // 5.14: 2f064a59a11f
    [InlineData("state", Old, Newest, "renamed", "__state", "unsigned int")]
    [InlineData("state", "4.19.90-2107.6.0.0248.35.oe1.bclinux.x86_64", New, "renamed", "__state", "unsigned int")]
    [InlineData("state", "4.18.0-147.5.1.el8_1.aarch64", New, "renamed", "__state", "unsigned int")]
    [InlineData("disk", Old, Middle, "moved-to", "q->disk", "struct gendisk *")] // 5.17: f3fa33acca9f
    [InlineData("disk", Old, Newest, "moved-to", "q->disk", "struct gendisk *")]
    [InlineData("ctime", Old, New, "split", "i_ctime_sec", "time64_t")] // 6.11: 3aa63a569c64
    public void What_replaced_a_field_is_proposed_with_the_evidence_of_the_older_kernel(
        string program, string older, string newer, string kind, string path, string type)
    {
        var evidence = new ProposalEvidence(older, Open(older));
        var finding = Assert.Single(Diagnose(newer, program, evidence).Findings);
        Assert.NotEmpty(finding.Proposals);
        Assert.Equal((kind, path, type), (finding.Proposals[0].Kind, finding.Proposals[0].Path, finding.Proposals[0].Type));
        Assert.Contains(older, finding.Proposals[0].Evidence, StringComparison.Ordinal);
    }

    // With vmlinux.h of the older kernel, or a struct with the field alone, as here.
    [Theory]
    [InlineData(Middle)]
    [InlineData(Newest)]
    public void A_report_proposes_from_the_object_alone(string kernel)
    {
        var types = Open(kernel);
        var report = ReportBuilder.Build(Renames, Assert.IsType<Relocated>(Relocator.Relocate(Renames, types, TestContext.Current.CancellationToken)), TestContext.Current.CancellationToken);
        var state = Assert.Single(report.FieldChanges, change => change.Field == "state");
        Assert.Equal(("missing", "renamed", "__state"), (state.Change, state.Proposal?.Kind, state.Proposal?.Path));
    }

    [Fact]
    public void A_field_that_is_nowhere_gets_no_proposal()
    {
        var finding = Assert.Single(Diagnose(Old, "nowhere", new ProposalEvidence(Middle, Open(Middle))).Findings);
        Assert.Equal("no-field", finding.Reason);
        Assert.Empty(finding.Proposals);
    }

    private static Diagnosis Diagnose(string kernel, string program, ProposalEvidence evidence)
    {
        var types = Open(kernel);
        var on = new DiagnosedKernel(Renames, types, Relocator.Relocate(Renames, types, TestContext.Current.CancellationToken), null);
        var record = Renames.Records.Single(record => record.Program?.Name == program && record.IndexInSection == 1);
        var log = $"libbpf: prog '{program}': -- BEGIN PROG LOAD LOG --\n{record.Instruction}: (85) call unknown#195896080\ninvalid func unknown#195896080\n";
        return Diagnoser.Diagnose(on, Encoding.UTF8.GetBytes(log), [evidence], TestContext.Current.CancellationToken);
    }

    private static BtfTypes Open(string release)
    {
        var kernel = Kernel.All.FirstOrDefault(kernel => kernel.Id.EndsWith("/" + release, StringComparison.Ordinal));
        Assert.SkipWhen(kernel is null, $"{release} is not in the corpus");
        return BtfReader.Read(File.ReadAllBytes(kernel!.Path));
    }
}
