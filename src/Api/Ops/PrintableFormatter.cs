using System.Text;
using Serilog.Events;
using Serilog.Formatting;

namespace Relo.Api.Ops;

/// <summary>Writes each event as one line that nothing in it can break (<see cref="Printable"/>), and the lines of an exception after it, indented.</summary>
/// <param name="line">Formats the event. A line break that it ends with is kept.</param>
/// <param name="hasException">Whether <paramref name="line"/> leaves the exception out.</param>
internal sealed class PrintableFormatter(ITextFormatter line, bool hasException) : ITextFormatter
{
    /// <inheritdoc/>
    public void Format(LogEvent logEvent, TextWriter output)
    {
        using var buffer = new StringWriter(new StringBuilder(256), output.FormatProvider);
        line.Format(logEvent, buffer);
        Printable.Write(output, buffer.ToString().AsSpan().TrimEnd("\r\n"));
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
