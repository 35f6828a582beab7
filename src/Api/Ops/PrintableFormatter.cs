using System.Text;
using Relo.Core.Bytes;
using Serilog.Events;
using Serilog.Formatting;

namespace Relo.Api.Ops;

/// <summary>Writes each event as one escaped line (<see cref="Printable"/>), followed by the indented lines of its exception.</summary>
/// <param name="line">Formats the event. Its final line break is kept.</param>
/// <param name="hasException">Whether to write the exception, because <paramref name="line"/> omits it.</param>
internal sealed class PrintableFormatter(ITextFormatter line, bool hasException) : ITextFormatter
{
    // A sink formats one line at a time.
    private readonly StringBuilder _line = new(1024);

    /// <inheritdoc/>
    public void Format(LogEvent logEvent, TextWriter output)
    {
        _line.Clear();
        using (var buffer = new StringWriter(_line, output.FormatProvider)) line.Format(logEvent, buffer);
        Printable.Write(output, _line.ToString().AsSpan().TrimEnd("\r\n"));
        output.WriteLine();
        if (!hasException || logEvent.Exception is not { } exception) return;
        foreach (var part in exception.ToString().AsSpan().EnumerateLines())
        {
            output.Write("  ");
            Printable.Write(output, part);
            output.WriteLine();
        }
    }
}
