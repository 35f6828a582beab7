namespace Relo.Api.Http;

/// <summary>Section <c>Cors</c>: the other sites whose pages may use the service.</summary>
internal sealed class CrossOriginOptions
{
    /// <summary>Name of the section.</summary>
    public const string Section = "Cors";

    /// <summary>The allowed origins (<c>https://tools.example.com</c>), separated by commas; empty = none, <c>*</c> = any.</summary>
    public string Origins { get; set; } = "";

    /// <summary>The origins as a list.</summary>
    internal string[] All => Origins.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    /// <summary>Whether all of them are origins: a scheme, a host, an optional port, and nothing else.</summary>
    internal bool AreSound() => Array.TrueForAll(All, o => o == "*"
        || (Uri.TryCreate(o, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https"
            && uri.GetLeftPart(UriPartial.Authority) == o));
}
