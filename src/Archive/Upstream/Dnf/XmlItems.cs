using System.Text;
using System.Xml;

namespace Relo.Archive.Upstream.Dnf;

/// <summary>
/// The items of a large XML file, one after the other, each with the texts and attributes of its direct children: <c>name</c>,
/// <c>location@href</c>. Refuses document types, so there are no entities; cuts long texts; refuses long names and attributes.
/// </summary>
internal static class XmlItems
{
    private const int MostTextChars = 4096, MostFields = 256;

    private static readonly XmlReaderSettings Settings = new()
    {
        DtdProcessing = DtdProcessing.Prohibit,
        XmlResolver = null,
        IgnoreComments = true,
        IgnoreProcessingInstructions = true,
    };

    /// <exception cref="FormatException">It is not XML, or exceeds the limits.</exception>
    public static IEnumerable<Dictionary<string, string>> Read(Stream xml, string item)
    {
        using var text = new BoundedXml(new StreamReader(xml, Encoding.UTF8, leaveOpen: true));
        using var reader = XmlReader.Create(text, Settings);
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
                Add(fields, child, Text(reader));
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
            throw NotXml(e);
        }
    }

    private static FormatException NotXml(XmlException e) => new($"it is not XML: {e.Message}", e);

    private static void AddAttributes(XmlReader reader, string child, Dictionary<string, string> fields)
    {
        while (reader.MoveToNextAttribute()) Add(fields, $"{child}@{reader.LocalName}", reader.Value);
        reader.MoveToElement();
    }

    private static void Add(Dictionary<string, string> fields, string field, string value)
    {
        if (fields.Count == MostFields) throw new FormatException($"an item has more than {MostFields} fields");
        if (Math.Max(field.Length, value.Length) > MostTextChars)
            throw new FormatException($"an item has an attribute or name of more than {MostTextChars} characters");
        fields.TryAdd(field, value);
    }

    // Only descriptions are longer, and they are not used.
    private static string Text(XmlReader reader)
    {
        var text = new char[MostTextChars];
        var length = 0;
        try
        {
            while (length < text.Length && reader.ReadValueChunk(text, length, text.Length - length) is > 0 and var read) length += read;
        }
        catch (XmlException e)
        {
            throw NotXml(e); // chunks are read, and checked, only here
        }

        return new string(text, 0, length).Trim();
    }
}
