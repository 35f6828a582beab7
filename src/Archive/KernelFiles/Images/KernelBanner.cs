using System.Text;
using Relo.Archive.Naming;

namespace Relo.Archive.KernelFiles.Images;

/// <summary>
/// The banner of a kernel, as in <c>/proc/version</c>, found in its image:
/// <c>Linux version 6.1.0-38-amd64 (debian-kernel@lists.debian.org) (gcc-12 (Debian 12.2.0-14) …) #1 SMP PREEMPT_DYNAMIC Debian 6.1.147-1
/// (2025-08-02)</c>.
/// </summary>
/// <param name="Release">The release; null if the kernel has no banner.</param>
/// <param name="Text">The whole banner, without its first two words.</param>
internal readonly record struct KernelBanner(string? Release, string Text)
{
    private const int MaxBytes = 512;
    private const string Start = "Linux version ";

    public static KernelBanner Find(ReadOnlySpan<byte> kernel)
    {
        var start = Encoding.ASCII.GetBytes(Start).AsSpan();
        for (var rest = kernel; rest.IndexOf(start) is >= 0 and var at;)
        {
            rest = rest[(at + start.Length)..];
            // Skips format strings ("Linux version %s"): a release begins with a digit.
            if (Read(rest) is { Release: not null } banner) return banner;
        }

        return default;
    }

    /// <summary>Reads a banner without its first two words, as in the header of an x86 boot image.</summary>
    public static KernelBanner Read(ReadOnlySpan<byte> text)
    {
        text = text[..Math.Min(text.Length, MaxBytes)];
        if (text.IndexOfAny((byte)0, (byte)'\n') is >= 0 and var end) text = text[..end];
        var space = text.IndexOf((byte)' ');
        if (space <= 0 || !char.IsAsciiDigit((char)text[0])) return default;
        var release = Encoding.Latin1.GetString(text[..space]);
        return KernelName.Fault("release", release) is null ? new(release, Encoding.Latin1.GetString(text)) : default;
    }

    /// <summary>Adds the data of the banner to a kernel file.</summary>
    public KernelFile Describe(KernelFile file)
    {
        if (Release is null) return file;
        var origin = KernelOrigin.Of(Release, Text);
        return file with
        {
            Release = Release,
            Arch = file.Arch ?? KernelName.ArchOfRelease(Release),
            Distro = origin.Distro,
            Version = origin.Version,
            Banner = Start + Text,
        };
    }
}
