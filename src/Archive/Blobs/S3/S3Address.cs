using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;

namespace Relo.Archive.Blobs.S3;

/// <summary>A bucket and the prefix of our keys: <c>s3://bucket/prefix</c>.</summary>
/// <param name="Bucket">The bucket.</param>
/// <param name="Prefix">Empty, or a path that ends with a slash.</param>
internal sealed partial record S3Address(string Bucket, string Prefix)
{
    public static bool TryParse(string text, [NotNullWhen(true)] out S3Address? address)
    {
        var match = Text().Match(text);
        var prefix = match.Groups["prefix"].Value.Trim('/');
        address = match.Success ? new(match.Groups["bucket"].Value, prefix.Length == 0 ? "" : prefix + '/') : null;
        return address is not null;
    }

    /// <inheritdoc/>
    public override string ToString() => $"s3://{Bucket}/{Prefix}";

    // Characters that need no escaping in a key; AWS's rules for bucket names.
    [GeneratedRegex(@"\As3://(?<bucket>[a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?<prefix>(/[A-Za-z0-9!_.'()-]+)*)/?\z",
        RegexOptions.CultureInvariant)]
    private static partial Regex Text();
}
