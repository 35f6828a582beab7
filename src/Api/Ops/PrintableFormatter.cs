using System.Text;
using Serilog.Events;
using Serilog.Formatting;

namespace Relo.Api.Ops;

/// <summary>Writes each event as one escaped line (<see cref="Printable"/>), followed by the indented lines of its exception.</summary>
/// <param name="line">Formats the event. Its final line break is kept.</param>
/// <param name="hasException">Whether to write the exception, because <paramref name="line"/> omits it.</param>
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
