using Relo.Core.Bytes;
using Relo.Core.Fingerprints;

namespace Relo.Benchmarks.Compatibility;

/// <summary>A made-up kernel.</summary>
/// <param name="Line">The release that its line began with.</param>
/// <param name="Release">Its release.</param>
/// <param name="Digest">The digest of its BTF.</param>
/// <param name="SizeBytes">The size of its BTF.</param>
/// <param name="Btf">Its BTF, if a question may open it.</param>
/// <param name="Layouts">Its layouts.</param>
internal sealed record MadeUpKernel(string Line, string Release, Digest Digest, int SizeBytes, byte[]? Btf, NamedFingerprint[] Layouts);
