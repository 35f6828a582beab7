namespace Relo.Core.Report;

/// <summary>
/// A report for people, before its layout: the verdict first, then what is wrong, then what differs, then the rest as counts.
/// <see cref="TextLayout"/> and <see cref="MarkdownLayout"/> write it.
/// </summary>
/// <param name="Headline">The verdict in one sentence. No text of the object or of the kernel is in it.</param>
/// <param name="Facts">The inputs by name: the object, the kernel, ….</param>
/// <param name="Sections">The sections that are not empty, in the order of their importance; each is computed when it is read.</param>
public sealed record ReadableReport(
    string Headline, IReadOnlyList<(string Name, string Value)> Facts, IEnumerable<ReadableSection> Sections)
{
    /// <summary>The maximum number of rows in one section; nobody reads more in a log or a review. JSON has all of them.</summary>
    internal const int MostRows = 50;
}
