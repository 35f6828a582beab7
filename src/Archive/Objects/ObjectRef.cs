using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;
using Relo.Core.Bytes;

namespace Relo.Archive.Objects;

/// <summary>A reference to an object: its digest, or a tag, which can move to another object.</summary>
public abstract partial record ObjectRef
{
    private ObjectRef() { }

    /// <summary>The digest: always the same object.</summary>
    public sealed record ByDigest(Digest Digest) : ObjectRef;

    /// <summary>A tag: the object that has it now.</summary>
    public sealed record ByTag(string Tag) : ObjectRef;

    /// <summary>
    /// Reads 64 hexadecimal digits (with or without <c>sha256:</c>) as a digest and any other valid tag as a tag.
    /// </summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out ObjectRef? reference)
    {
        reference = Digest.TryParse(text, out var digest) ? new ByDigest(digest) : IsTag(text) ? new ByTag(text) : null;
        return reference is not null;
    }

    /// <summary>Whether it can be a tag: <c>[A-Za-z0-9][A-Za-z0-9._-]{0,127}</c>, and not the spelling of a digest.</summary>
    public static bool IsTag([NotNullWhen(true)] string? text) =>
        text is not null && TagText().IsMatch(text) && !Digest.TryParse(text, out _);

    [GeneratedRegex(@"\A[A-Za-z0-9][A-Za-z0-9._-]{0,127}\z", RegexOptions.CultureInvariant)]
    private static partial Regex TagText();
}
