using Relo.Api.Http.Bodies;
using Relo.Api.Packing;

namespace Relo.Api.Relocations;

/// <summary>The patched object and its report in one file. The same relocation gives the same bytes.</summary>
internal static class RelocationZip
{
    private const string ReportName = "report.json";

    /// <summary>Writes the file.</summary>
    /// <param name="output">The output.</param>
    /// <param name="objectName">Name of the object in it.</param>
    /// <param name="patched">The object.</param>
    /// <param name="report">The report.</param>
    /// <param name="cancellation">Cancelled when the client disconnects.</param>
    public static async Task WriteAsync(
        Stream output, string objectName, ReadOnlyMemory<byte> patched, StreamedBody report, CancellationToken cancellation)
    {
        await using var zip = new ZipWriter(output);
        await zip.AddAsync(objectName == ReportName ? "object-" + objectName : objectName, patched, cancellation);
        await zip.AddAsync(ReportName, report.WriteAsync, cancellation);
    }
}
