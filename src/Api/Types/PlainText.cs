using Relo.Api.Http.Answers;

namespace Relo.Api.Types;

/// <summary>Answers in plain text.</summary>
internal static class PlainText
{
    /// <summary>Its media type.</summary>
    public const string MediaType = ReadableForms.Text;

    /// <summary>200 with a text.</summary>
    public static IResult Of(string text) => TypedResults.Text(text, MediaType + "; charset=utf-8", System.Text.Encoding.UTF8);
}
