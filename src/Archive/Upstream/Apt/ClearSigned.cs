using System.Text;

namespace Relo.Archive.Upstream.Apt;

/// <summary>Extracts the text of a clear-signed message (RFC 9580, section 7). Does not check its signature.</summary>
internal static class ClearSigned
{
    private const string Begin = "-----BEGIN PGP SIGNED MESSAGE-----", Signature = "-----BEGIN PGP SIGNATURE-----";

    /// <exception cref="FormatException">It is not such a message.</exception>
    public static string TextOf(string message)
    {
        var lines = message.Split('\n');
        var at = Array.FindIndex(lines, line => line.TrimEnd() == Begin);
        if (at < 0) throw new FormatException($"it does not contain {Begin}");
        while (++at < lines.Length && lines[at].TrimEnd().Length > 0)
        {
            // headers: Hash: SHA256
        }

        var text = new StringBuilder(message.Length);
        for (at++; at < lines.Length; at++)
        {
            if (lines[at].TrimEnd() == Signature) return text.ToString();
            text.Append(lines[at].StartsWith("- ", StringComparison.Ordinal) ? lines[at][2..] : lines[at]).Append('\n');
        }

        throw new FormatException($"it does not contain {Signature}");
    }
}
