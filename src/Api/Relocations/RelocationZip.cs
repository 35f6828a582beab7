using Relo.Api.Packing;

namespace Relo.Api.Relocations;

/// <summary>The patched object and its report in one file. The same relocation gives the same bytes.</summary>
internal static class RelocationZip
{
    private const string ReportName = "report.json";

    /// <summary>Writes the file.</summary>
    public static async Task<ReadOnlyMemory<byte>> WriteAsync(string objectName, ReadOnlyMemory<byte> patched, ReadOnlyMemory<byte> report, CancellationToken cancellation)
    {
        using var buffer = new MemoryStream();
        await using (var zip = new ZipWriter(buffer))
        {
            await zip.AddAsync(objectName == ReportName ? "object-" + objectName : objectName, patched, cancellation);
            await zip.AddAsync(ReportName, report, cancellation);
        }

        return buffer.ToArray();
    }
}
