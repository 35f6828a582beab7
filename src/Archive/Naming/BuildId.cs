namespace Relo.Archive.Naming;

/// <summary>
/// The GNU build-id of a kernel, usually 40 hexadecimal digits. Known only for kernels added as an image, because BTF does not contain it.
/// </summary>
internal sealed record BuildId(string Hex) : KernelIdentifier
{
    public const string Prefix = "buildid:";

    public static KernelIdentifier Read(string text)
    {
        var hex = text[Prefix.Length..];
        return hex.Length is >= 8 and <= 128 && hex.Length % 2 == 0 && hex.All(char.IsAsciiHexDigit)
            ? new BuildId(hex.ToLowerInvariant())
            : new NoIdentifier($"'{text}' begins like a build-id; expected buildid: and an even number of hexadecimal digits, usually 40, "
                + $"found '{hex}'");
    }
}
