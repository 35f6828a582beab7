namespace Relo.Core.Headers;

/// <summary>What surrounds the types of a header.</summary>
internal static class HeaderFrame
{
    /// <summary>After the types.</summary>
    public const string Bottom = """
        #ifndef BPF_NO_PRESERVE_ACCESS_INDEX
        #pragma clang attribute pop
        #endif

        #endif /* __VMLINUX_H__ */

        """;

    /// <summary>Before the functions.</summary>
    public const string FunctionsTop = """
        #ifndef BPF_NO_KFUNC_PROTOTYPES
        #ifndef __ksym
        #define __ksym __attribute__((section(".ksyms")))
        #endif
        #ifndef __weak
        #define __weak __attribute__((weak))
        #endif


        """;

    /// <summary>After the functions.</summary>
    public const string FunctionsBottom = """

        #endif /* BPF_NO_KFUNC_PROTOTYPES */


        """;

    private const string Narrow = """
         *
         * Pointers and long have 4 bytes on this kernel and 8 in BPF: structs that contain them have the kernel's offsets only after
         * their accesses were relocated (CO-RE).

        """;

    /// <summary>Before the types.</summary>
    public static string Top(string title, int pointerSize) => $"""
        #ifndef __VMLINUX_H__
        #define __VMLINUX_H__

        /*
         * {title.Replace("*/", "* /", StringComparison.Ordinal)}
        {(pointerSize == 4 ? Narrow : "")} */

        #ifndef BPF_NO_PRESERVE_ACCESS_INDEX
        #pragma clang attribute push (__attribute__((preserve_access_index)), apply_to = record)
        #endif


        """;
}
