using Relo.Api.Http.Problems;
using Relo.Archive.Objects;

namespace Relo.Api.Inputs;

/// <summary>Parses the reference to an object in a path (its digest or a tag), and a tag as a parameter.</summary>
internal static class RefParameter
{
    private const string TagForm = "[A-Za-z0-9][A-Za-z0-9._-]{0,127}";

    /// <summary>Parses a reference.</summary>
    /// <param name="text">What the client wrote.</param>
    /// <param name="parameter">Name of the parameter.</param>
    /// <exception cref="RefusedException">It is neither.</exception>
    public static ObjectRef Parse(string text, string parameter = "ref") => ObjectRef.TryParse(text, out var reference)
        ? reference
        : throw new RefusedException(Problem.InvalidParameter(parameter, text, $"64 hexadecimal digits or a tag {TagForm}"));

    /// <summary>Reads a tag; null without one.</summary>
    /// <exception cref="RefusedException">It is not a tag.</exception>
    public static string? ParseTag(string? text) => string.IsNullOrEmpty(text) ? null
        : ObjectRef.IsTag(text) ? text
        : throw new RefusedException(Problem.InvalidParameter("name", text, $"a tag {TagForm} that is not 64 hexadecimal digits"));

    /// <summary>The tag, if the reference is one.</summary>
    public static string? TagOf(this ObjectRef reference) => (reference as ObjectRef.ByTag)?.Tag;

    /// <summary>The reference as text, for messages.</summary>
    public static string Text(this ObjectRef reference) => reference switch
    {
        ObjectRef.ByDigest named => named.Digest.ToString(),
        ObjectRef.ByTag named => named.Tag,
        _ => throw new InvalidOperationException(reference.GetType().Name),
    };

    /// <summary>A file name for an object, in the style of BPF compilers.</summary>
    public static string FileName(this ObjectRef reference) => reference switch
    {
        ObjectRef.ByTag { Tag: var tag } => tag.EndsWith(".o", StringComparison.Ordinal) ? tag : $"{tag}.bpf.o",
        ObjectRef.ByDigest { Digest.Hex: var hex } => $"{hex[..12]}.bpf.o",
        _ => throw new InvalidOperationException(reference.GetType().Name),
    };
}
