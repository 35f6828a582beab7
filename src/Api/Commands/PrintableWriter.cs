using System.Text;
using Relo.Core.Bytes;

namespace Relo.Api.Commands;

/// <summary>Standard output or error of a command, with control characters in file names escaped (<see cref="Printable"/>).</summary>
internal sealed class PrintableWriter(TextWriter inner) : TextWriter
{
    /// <inheritdoc/>
    public override Encoding Encoding => inner.Encoding;

    /// <inheritdoc/>
    public override void Write(char value) => Printable.Write(inner, [value]);

    /// <inheritdoc/>
    public override void WriteLine(string? value)
    {
        var columns = value.AsSpan();
        while (columns.IndexOf('\t') is >= 0 and var tab) // separates columns
        {
            Printable.Write(inner, columns[..tab]);
            inner.Write('\t');
            columns = columns[(tab + 1)..];
        }

        Printable.Write(inner, columns);
        inner.WriteLine();
    }

    /// <inheritdoc/>
    public override Task WriteLineAsync(string? value)
    {
        WriteLine(value);
        return Task.CompletedTask;
    }
}
