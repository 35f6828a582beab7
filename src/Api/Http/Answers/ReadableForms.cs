using System.Net.Mime;
using Relo.Core.Report;

namespace Relo.Api.Http.Answers;

/// <summary>The media types of reports for people.</summary>
internal static class ReadableForms
{
    /// <summary>Plain text of 100 columns; Markdown for comments on pull requests.</summary>
    public const string Text = MediaTypeNames.Text.Plain, Markdown = MediaTypeNames.Text.Markdown;

    /// <summary>Whether the media type is one of them.</summary>
    public static bool Has(string mediaType) => mediaType is Text or Markdown;

    /// <summary>The Content-Type of one of them.</summary>
    public static string ContentType(string mediaType) => $"{mediaType}; charset=utf-8";

    /// <summary>The lines of a report in one of them.</summary>
    public static IEnumerable<string> Lines(ReadableReport report, string mediaType) => mediaType switch
    {
        Text => TextLayout.Lines(report),
        Markdown => MarkdownLayout.Lines(report),
        _ => throw new ArgumentOutOfRangeException(nameof(mediaType), mediaType, null),
    };

    /// <summary>Prints a report in the form that the command line names: <c>text</c> or <c>markdown</c>.</summary>
    public static async Task WriteAsync(TextWriter output, ReadableReport report, string word)
    {
        foreach (var line in Lines(report, $"text/{(word == "text" ? "plain" : word)}")) await output.WriteLineAsync(line);
    }
}
