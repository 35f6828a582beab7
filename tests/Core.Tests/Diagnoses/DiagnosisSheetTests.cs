using Relo.Core.Diagnoses;
using Relo.Core.Report;

namespace Relo.Core.Tests.Diagnoses;

/// <summary>A diagnosis for people: text and Markdown.</summary>
public class DiagnosisSheetTests
{
    private const string Digest = "sha256:00";

    [Fact]
    public void A_finding_has_a_section_with_the_code_to_write()
    {
        var finding = new Finding(FindingKind.Helper, [4, 7], "invalid func unknown#130", "the kernel lacks it")
        {
            Local = "bpf_ringbuf_output",
            Remedy = new("guard the call", "if (x) {\n\ty();\n}"),
            Reachable = true,
        };
        Assert.Equal(
        [
            "1 finding", "  object  a.o, sha256:00", "  kernel  k", "  log     9 lines, 2 with a finding, 0 not understood", "",
            "1. helper, line 4", "  log      invalid func unknown#130", "  what     bpf_ringbuf_output", "  why      the kernel lacks it",
            "  reached  yes: the verifier rejects it", "  remedy   guard the call", "", "    if (x) {", "        y();", "    }",
        ], TextLayout.Lines(Sheet(finding)));
        Assert.Equal(["| remedy | <code>guard the call</code> |", "", "```c", "if (x) {", "    y();", "}", "```"],
            MarkdownLayout.Lines(Sheet(finding)).TakeLast(7));
    }

    // The names in the code are those of the object.
    [Fact]
    public void Names_cannot_end_the_block_of_code_or_control_the_terminal()
    {
        var finding = new Finding(FindingKind.Helper, [1], "", "") { Remedy = new("", "a\u001b[2J```\n````\n") };
        var lines = MarkdownLayout.Lines(Sheet(finding)).ToList();
        Assert.Equal(["`````c", "a\\u001b[2J```", "````", "", "`````"], lines.TakeLast(5));
        Assert.DoesNotContain(TextLayout.Lines(Sheet(finding)), line => line.Contains('\u001b'));
    }

    [Fact]
    public void A_log_with_nothing_recognised_lists_what_would_be()
    {
        var lines = TextLayout.Lines(DiagnosisSheet.Of(new([], 1, 0, 1, [new(1, "what")]), null, Digest, "k")).ToList();
        Assert.Equal(
            ["Nothing in the log is recognised", "  object  sha256:00", "  kernel  k", "  log     1 line, 0 with a finding, 1 not understood",
            "", "Not understood (1)", "  1  what", "", "Messages that are recognised"], lines.Take(9));
        Assert.True(lines.Count > 20);
    }

    private static ReadableReport Sheet(Finding finding) => DiagnosisSheet.Of(new([finding], 9, finding.Lines.Count, 0, []), "a.o", Digest, "k");
}
