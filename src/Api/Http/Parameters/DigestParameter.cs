using Relo.Api.Http.Problems;
using Relo.Core.Bytes;

namespace Relo.Api.Http.Parameters;

/// <summary>A digest in a path: 64 hexadecimal digits, with or without <c>sha256:</c>.</summary>
internal static class DigestParameter
{
    /// <summary>Parses a digest.</summary>
    /// <exception cref="RefusedException">It is not a digest.</exception>
    public static Digest Parse(string name, string text) => Digest.TryParse(text, out var digest)
        ? digest
        : throw new RefusedException(Problem.InvalidParameter(name, text, "64 hexadecimal digits"));
}
