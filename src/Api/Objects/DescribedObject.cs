using Relo.Api.Http.Limits;
using Relo.Api.Http.Problems;
using Relo.Archive.Objects;
using Relo.Core.Contents;

namespace Relo.Api.Objects;

/// <summary>The document of an object, and its size for the limits.</summary>
/// <param name="Document">The document.</param>
/// <param name="HeldBytes">The estimated memory it holds, in bytes.</param>
/// <param name="LeastBytes">A lower bound of the size of its JSON.</param>
internal sealed record DescribedObject(ObjectDocument Document, long HeldBytes, long LeastBytes)
{
    // A lower bound of a relocation's JSON without its texts: names of members and numbers.
    private const int LeastBytesPerRelocation = 100;

    private const string AskForParts = "Request parts of it: fields=programs,maps leaves out the other members of object, "
        + "and fields=relocations&relocationsLimit=1000 returns the relocations page by page";

    /// <summary>The document of a stored object.</summary>
    /// <param name="stored">The object.</param>
    /// <param name="contents">Its contents.</param>
    /// <param name="tag">The tag in the request.</param>
    public static DescribedObject Of(StoredObject stored, ObjectContents contents, string? tag)
        => new(ObjectDocument.Of(stored, contents, tag), contents.HeldBytes, LeastBytesOf(contents))
        {
            IsRemembered = stored.IsRemembered,
        };

    /// <summary>Whether the node had read the object's tags before the request.</summary>
    public bool IsRemembered { get; private init; }

    /// <summary>Refuses the document if it is certainly too large for one response.</summary>
    /// <exception cref="RefusedException"><c>report-too-large</c>.</exception>
    public void RefuseAbove(ReportLimit limit) => limit.Refuse(LeastBytes, AskForParts);

    private static long LeastBytesOf(ObjectContents contents) =>
        contents.Characters + ((long)LeastBytesPerRelocation * contents.Relocations.Count);
}
