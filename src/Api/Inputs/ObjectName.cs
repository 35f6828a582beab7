using Relo.Core.Bytes;

namespace Relo.Api.Inputs;

/// <summary>The name of an object: untrusted text that ends up in file names, zip entries and headers.</summary>
internal static class ObjectName
{
    private const int MaxLength = 128;

    /// <summary>The last part of the path, shortened, without control characters and surrogates; null if nothing is left.</summary>
    public static string? Clean(string? name)
    {
        if (name is null) return null;
        var last = name[(name.LastIndexOfAny(['/', '\\']) + 1)..];
        var clean = new string([.. last.Where(c => !char.IsControl(c) && !char.IsSurrogate(c)).Take(MaxLength)]).Trim();
        return clean is "" or "." or ".." ? null : clean;
    }

    /// <summary>A file name for an object that may have no name.</summary>
    public static string FileName(string? name, Digest digest) => name ?? $"{digest.Hex[..12]}.bpf.o";
}
