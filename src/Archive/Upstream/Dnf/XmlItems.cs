using System.Xml;

namespace Relo.Archive.Upstream.Dnf;

/// <summary>
/// The items of a large XML file, one after the other, each with the texts and attributes of its direct children: <c>name</c>,
/// <c>location@href</c>. No document type, so no entities; no text that is longer than a limit.
/// </summary>
internal static class XmlItems
{
    private const int MostTextChars = 4096;

    private static readonly XmlReaderSettings Settings = new() { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null };

    /// <exception cref="FormatException">It is not XML.</exception>
    public static IEnumerable<Dictionary<string, string>> Read(Stream xml, string item)
    {
        using var reader = XmlReader.Create(xml, Settings);
        Dictionary<string, string>? fields = null;
        var (depth, child) = (0, "");
        while (Next(reader))
        {
            if (reader.NodeType == XmlNodeType.Element && fields is null && reader.LocalName == item)
            {
                (fields, depth) = (new(StringComparer.Ordinal), reader.Depth);
                AddAttributes(reader, "", fields);
                if (reader.IsEmptyElement) (fields, _) = (null, 0);
            }
            else if (reader.NodeType == XmlNodeType.Element && fields is not null && reader.Depth == depth + 1)
            {
                child = reader.LocalName;
                AddAttributes(reader, child, fields);
            }
            else if (reader.NodeType == XmlNodeType.Text && fields is not null && reader.Depth == depth + 2)
            {
                fields.TryAdd(child, Text(reader));
            }
            else if (reader.NodeType == XmlNodeType.EndElement && fields is not null && reader.Depth == depth)
            {
                yield return fields;
                fields = null;
            }
        }
    }

    private static bool Next(XmlReader reader)
    {
        try
        {
            return reader.Read();
        }
        catch (XmlException e)
        {
            throw new FormatException($"it is not XML: {e.Message}", e);
        }
    }

    private static void AddAttributes(XmlReader reader, string child, Dictionary<string, string> fields)
    {
        while (reader.MoveToNextAttribute()) fields.TryAdd($"{child}@{reader.LocalName}", reader.Value);
        reader.MoveToElement();
    }

    // Descriptions may be longer; nobody needs the rest.
    private static string Text(XmlReader reader)
    {
        var text = new char[MostTextChars];
        var length = 0;
        while (length < text.Length && reader.ReadValueChunk(text, length, text.Length - length) is > 0 and var read) length += read;
        return new string(text, 0, length).Trim();
    }
}
