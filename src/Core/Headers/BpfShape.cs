namespace Relo.Core.Headers;

/// <summary>Size and alignment of a type where <c>clang -target bpf</c> compiles it.</summary>
/// <param name="Bytes">Its size.</param>
/// <param name="AlignBytes">Its alignment.</param>
/// <param name="IsExact">Whether the size is the kernel's too; a pointer of a 32-bit kernel is smaller there.</param>
internal readonly record struct BpfShape(long Bytes, long AlignBytes, bool IsExact);
