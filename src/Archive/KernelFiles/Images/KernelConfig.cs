using Relo.Archive.KernelFiles.Unpacking;

namespace Relo.Archive.KernelFiles.Images;

/// <summary>
/// A kernel's configuration: embedded in the image (CONFIG_IKCONFIG, kernel/configs.c: gzip after <c>IKCFG_ST</c>), or a package's
/// <c>boot/config-*</c>. Only it proves that a kernel was built without BTF; a failed search for BTF does not.
/// </summary>
internal static class KernelConfig
{
    /// <summary>The largest configuration read.</summary>
    public const int MaxBytes = 1 << 20;

    /// <summary>For messages when the configuration proves that there is no BTF.</summary>
    public const string BuiltWithout = "it was built without CONFIG_DEBUG_INFO_BTF, according to its own configuration";

    /// <summary>For messages in all other cases: how to check, and what to send.</summary>
    public const string Remedy =
        "if 'grep CONFIG_DEBUG_INFO_BTF /boot/config-RELEASE' prints y, a machine that runs the kernel has its BTF in "
            + "/sys/kernel/btf/vmlinux: send that file; "
        + "otherwise send the vmlinux with debug information (linux-image-*-dbg, kernel-debuginfo)";

    /// <summary>Whether the text is a kernel's configuration without <c>CONFIG_DEBUG_INFO_BTF=y</c>.</summary>
    public static bool LacksBtf(ReadOnlySpan<byte> config) =>
        config.IndexOf("\nCONFIG_MODULES"u8) >= 0 | config.IndexOf("\nCONFIG_PRINTK"u8) >= 0 | config.IndexOf("\n# CONFIG_MODULES"u8) >= 0
        && config.IndexOf("\nCONFIG_DEBUG_INFO_BTF=y"u8) < 0;

    /// <summary>Whether the image embeds such a configuration.</summary>
    public static bool IsInAndLacksBtf(ReadOnlyMemory<byte> kernel, Unpacker unpacker)
    {
        var start = "IKCFG_ST"u8;
        if (kernel.Span.IndexOf(start) is not (>= 0 and var at)
            || Compression.Of(kernel.Span[(at + start.Length)..]) is not { Name: "gzip" } gzip)
            return false;
        try
        {
            using var text = unpacker.Open(gzip, kernel[(at + start.Length)..], followed: true);
            var config = new byte[MaxBytes];
            return LacksBtf(config.AsSpan(0, text.ReadAtLeast(config, MaxBytes, throwOnEndOfStream: false)));
        }
        catch (KernelFileException) when (!unpacker.IsSpent)
        {
            return false; // a false match
        }
    }
}
