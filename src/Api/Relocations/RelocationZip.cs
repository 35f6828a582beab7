using System.IO.Compression;

namespace Relo.Api.Relocations;

/// <summary>The patched object and its report in one file. The same relocation gives the same bytes: fixed times, fixed order.</summary>
internal static class RelocationZip
{
    private const string ReportName = "report.json";

    // The earliest time the format can hold: no clock gets into the file.
    private static readonly DateTimeOffset Epoch = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Writes the file.</summary>
    public static ReadOnlyMemory<byte> Write(string objectName, ReadOnlyMemory<byte> patched, ReadOnlyMemory<byte> report)
    {
        using var buffer = new MemoryStream();
        using (var zip = new ZipArchive(buffer, ZipArchiveMode.Create, leaveOpen: true))
        {
            Add(zip, objectName == ReportName ? "object-" + objectName : objectName, patched);
            Add(zip, ReportName, report);
        }

        return buffer.ToArray();
    }

    private static void Add(ZipArchive zip, string name, ReadOnlyMemory<byte> bytes)
    {
        var entry = zip.CreateEntry(name, CompressionLevel.Optimal);
        entry.LastWriteTime = Epoch;
        using var stream = entry.Open();
        stream.Write(bytes.Span);
    }
}
