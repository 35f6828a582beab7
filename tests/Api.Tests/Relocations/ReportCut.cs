using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Relo.Api.Tests.Relocations;

/// <summary>Cuts parts out of a whole report as text: the expected results of <c>fields</c> and paging.</summary>
internal static class ReportCut
{
    private const int LongestPage = 1000;

    /// <summary>The parts, with the final newline.</summary>
    /// <param name="whole">The report.</param>
    /// <param name="fields">Members to keep; null keeps all.</param>
    /// <param name="limit">Most relocations; null where the client does not say.</param>
    /// <param name="skipped">Relocations on the pages before.</param>
    public static byte[] Of(ReadOnlyMemory<byte> whole, IReadOnlyCollection<string>? fields, int? limit, int skipped)
    {
        using var document = JsonDocument.Parse(whole);
        var isPage = limit is not null || skipped > 0;
        if (fields is null && !isPage) return whole.ToArray();
        var all = document.RootElement.GetProperty("relocations").EnumerateArray().ToArray();
        var end = Math.Min(all.Length, skipped + (limit ?? LongestPage));
        var output = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(output, new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            writer.WriteStartObject();
            foreach (var member in document.RootElement.EnumerateObject().Where(member => fields?.Contains(member.Name) != false))
            {
                writer.WritePropertyName(member.Name);
                if (isPage && member.Name == "relocations") Write(writer, skipped < end ? all[skipped..end] : []);
                else if (isPage && member.Name == "warnings") Write(writer, Warnings(member.Value, all, skipped, end));
                else writer.WriteRawValue(member.Value.GetRawText());
            }
            if (isPage && end < all.Length) writer.WriteString("next", $"{end}");
            else if (isPage) writer.WriteNull("next");
            writer.WriteEndObject();
        }
        return [.. output.WrittenSpan, (byte)'\n'];
    }

    // A warning about a record is on the page of the first relocation at or after it; one about the whole object is on the first page.
    private static IEnumerable<JsonElement> Warnings(JsonElement warnings, JsonElement[] all, int skipped, int end)
    {
        var from = skipped == 0 ? int.MinValue : skipped < all.Length ? IndexOf(all[skipped]) : int.MaxValue;
        var before = end < all.Length ? IndexOf(all[end]) : int.MaxValue;
        return warnings.EnumerateArray().Where(warning => warning.TryGetProperty("relocation", out var record)
            ? record.GetInt32() >= from && record.GetInt32() < before
            : skipped == 0);
    }

    private static int IndexOf(JsonElement relocation) => relocation.GetProperty("index").GetInt32();

    private static void Write(Utf8JsonWriter writer, IEnumerable<JsonElement> items)
    {
        writer.WriteStartArray();
        foreach (var item in items) writer.WriteRawValue(item.GetRawText());
        writer.WriteEndArray();
    }
}
