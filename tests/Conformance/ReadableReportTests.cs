using Relo.Conformance.Corpus;
using Relo.Core;
using Relo.Core.Btf;
using Relo.Core.Objects;
using Relo.Core.Report;

namespace Relo.Conformance;

/// <summary>Reports for people of all objects of the corpus: their width, and the cells of their tables.</summary>
public sealed class ReadableReportTests
{
    private const int Kernels = 4;

    [Fact]
    public void No_line_is_wider_than_100_columns_and_each_row_has_a_cell_for_each_column()
    {
        Assert.SkipWhen(CorpusObject.All.Count == 0, "there is no corpus here");
        var stop = TestContext.Current.CancellationToken;
        var sheets = 0;
        foreach (var kernel in Kernel.All.Where((_, i) => i % Math.Max(1, Kernel.All.Count / Kernels) == 0))
        {
            var types = BtfReader.Read(File.ReadAllBytes(kernel.Path));
            foreach (var corpus in CorpusObject.All)
            {
                var bpf = BpfObject.Read(corpus.Bytes);
                if (Relocator.Relocate(bpf, types, cancellation: stop) is not Relocated relocated) continue;
                var sheet = RelocationSheet.Of(ReportBuilder.Build(bpf, relocated, stop), corpus.Name, kernel.Id, "sha256:0");
                Assert.All(
                    TextLayout.Lines(sheet), line => Assert.True(line.EnumerateRunes().Sum(rune => rune.IsAscii ? 1 : 2) <= 100, line));
                var cells = 0;
                foreach (var line in MarkdownLayout.Lines(sheet))
                {
                    if (!line.StartsWith('|')) cells = 0;
                    else if (cells == 0) cells = line.Count(c => c == '|');
                    else Assert.True(cells == line.Count(c => c == '|'), line);
                }

                sheets++;
            }
        }

        Assert.True(sheets > CorpusObject.All.Count, $"{sheets} reports");
    }
}
