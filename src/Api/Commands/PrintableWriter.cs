using System.Text;
using System.Text.Json;
using Relo.Api.Http.Json;
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

    /// <summary>Writes a document as indented JSON. The escapes of this writer are those of JSON, so the output stays valid.</summary>
    public static async Task WriteJsonAsync<T>(TextWriter output, T document)
    {
        foreach (var line in JsonSerializer.Serialize(document, ApiJson.Indented).Split('\n')) await output.WriteLineAsync(line);
    }

    /// <inheritdoc/>
    public override Task WriteLineAsync(string? value)
    {
        WriteLine(value);
        return Task.CompletedTask;
    }
}
