using Relo.Core.Btf;
using Relo.Core.Report;
using Relo.Core.Tests.Building;

namespace Relo.Core.Tests.Report;

public class RelocationSheetTests
{
    private static BtfWriter.Member M(string name, uint type, uint bit) => new(name, type, bit, 0);

    private static Ask Task(string gone = "gone") => new(
        b => { var u = b.Int("u64", 8); return b.Struct("task_struct", 32, M("flags", u, 0), M("state", u, 128), M(gone, u, 192)); },
        b => { var u = b.Int("u64", 8); b.Struct("task_struct", 40, M("flags", u, 0), M("state", u, 192)); });

    private static ReadableReport Sheet(Ask ask, string name = "x.bpf.o")
    {
        var answer = ask.Run();
        var report = ReportBuilder.Build(answer.Object, answer.Relocated, TestContext.Current.CancellationToken);
        return RelocationSheet.Of(
            report with { Object = report.Object with { Sha256 = "sha256:11" } }, name, "a/1/x86_64/5.4", "sha256:22");
    }

    private static string Text(ReadableReport sheet) => string.Join('\n', TextLayout.Lines(sheet));

    [Fact]
    public void The_verdict_is_first_then_what_is_missing_then_what_moved_then_counts() => Assert.Equal(
        """
        BROKEN: the verifier will reject the object; relocations without target that can be reached: 2 of 3
          object   x.bpf.o, sha256:11
          kernel   a/1/x86_64/5.4
          patched  sha256:22

        Missing, and reached: the verifier rejects these programs (2 records)
          raw_tp/x, instruction 1
            struct task_struct.gone (0:2 @ offset 24)
            no-field: the kernel's type has no such field
            in raw_tp_x
          raw_tp/x, instruction 2
            struct task_struct.gone (0:2 @ offset 24)
            no-field: the kernel's type has no such field
            in raw_tp_x

        Moved or changed (1)
          moved  struct task_struct.state  offset 16 -> 24

        In numbers
          relocations  1 changed, 0 unchanged, 2 without target
          programs     1 broken
          checks       2 unknown
        """, Text(Sheet(Task().Load("0:1", 16).Load("0:2", 24).Load("0:2", 24))));

    [Fact]
    public void Nothing_wrong_is_said_in_one_line_and_counts()
    {
        var lines = TextLayout.Lines(Sheet(Task().Load("0:0", 0))).ToList();
        Assert.Equal("OK: all that the object accesses exists on this kernel", lines[0]);
        Assert.DoesNotContain(
            lines, line => line.StartsWith("Missing", StringComparison.Ordinal) || line.StartsWith("Moved", StringComparison.Ordinal));
        Assert.Contains("  relocations  0 changed, 1 unchanged, 0 without target", lines);
    }

    [Fact]
    public void Text_may_be_read_twice() // it is measured before it is sent
    {
        var lines = TextLayout.Lines(Sheet(Task().Load("0:2", 24)));
        Assert.Equal(lines.ToArray(), lines.ToArray());
    }

    [Theory]
    [InlineData("gone_name_of_more_than_a_line_")]
    [InlineData("内核")]
    public void Long_names_are_broken_into_lines_of_100_columns(string part)
    {
        var lines = TextLayout.Lines(Sheet(Task(string.Concat(Enumerable.Repeat(part, 30))).Load("0:2", 24))).ToList();
        Assert.True(lines.Count > 15);
        Assert.All(lines, line => Assert.True(line.EnumerateRunes().Sum(rune => rune.IsAscii ? 1 : 2) <= TextLayout.Columns, line));
    }

    [Fact]
    public void Names_cannot_control_the_terminal_or_begin_a_line()
    {
        var lines = TextLayout.Lines(Sheet(Task("go\u001b[31m\nOK: all fine\u202e").Load("0:2", 24), "a\nOK.o")).ToList();
        Assert.All(lines, line => Assert.DoesNotContain(line, c => c < ' ' || c is '\u202e'));
        Assert.Single(lines, line => line.Contains("OK", StringComparison.Ordinal) && line.Contains(@"\u001b", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.StartsWith(@"  object   a\nOK.o, ", StringComparison.Ordinal));
    }

    [Fact]
    public void A_section_shows_its_first_rows_and_counts_the_rest()
    {
        var ask = Task();
        for (short at = 0; at < 60; at++) ask.Load("0:2", 24);
        var lines = TextLayout.Lines(Sheet(ask)).ToList();
        Assert.Contains("Missing, and reached: the verifier rejects these programs (60 records)", lines);
        Assert.Contains("  ... and 10 more records", lines);
    }

    [Fact]
    public void Markdown_has_tables_and_folds_what_is_less_important() => Assert.Equal(
        """
        ### BROKEN: the verifier will reject the object; relocations without target that can be reached: 1 of 2

        | | |
        |---|---|
        | object | <code>x.bpf.o, sha256:11</code> |
        | kernel | <code>a/1/x86_64/5.4</code> |
        | patched | <code>sha256:22</code> |

        #### Missing, and reached: the verifier rejects these programs (1 record)

        | line | access | reason | program | source |
        |---|---|---|---|---|
        | <code>raw_tp/x, instruction 1</code> | <code>struct task_struct.gone (0:2 &#64; offset 24)</code> | <code>no-field: the kernel's type has no such field</code> | <code>in raw_tp_x</code> |  |

        <details><summary>Moved or changed (1)</summary>

        | change | field | from -> to |
        |---|---|---|
        | <code>moved</code> | <code>struct task_struct.state</code> | <code>offset 16 -&#62; 24</code> |

        </details>

        <details><summary>In numbers</summary>

        | what | count |
        |---|---|
        | <code>relocations</code> | <code>1 changed, 0 unchanged, 1 without target</code> |
        | <code>programs</code> | <code>1 broken</code> |
        | <code>checks</code> | <code>2 unknown</code> |

        </details>
        """, string.Join('\n', MarkdownLayout.Lines(Sheet(Task().Load("0:1", 16).Load("0:2", 24)))));
}
