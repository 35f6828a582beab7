using Relo.Api.Caching;
using Relo.Archive.Kernels;
using Relo.Archive.Layouts;
using Relo.Core.Bytes;
using Relo.Core.Compatibility;
using Relo.Core.Objects;

namespace Relo.Api.Relocations;

/// <summary>
/// Finds the key under which kernels with the same layouts share a relocation. It reads only what is in memory, which background work
/// keeps up to date, because nodes wait for it.
/// </summary>
internal sealed class LayoutKeys(LayoutIndex layouts)
{
    private const long MostBytes = 8 << 20;
    private const int BytesPerObject = 500, BytesPerName = 20;

    private readonly SingleFlightCache<Digest, LayoutQuestion> _questions =
        new(MostBytes, question => BytesPerObject + ((long)BytesPerName * question.Names.Count));

    /// <summary>Notes what an object reads.</summary>
    public void Note(BpfObject bpf)
    {
        if (_questions.Find(bpf.Digest) is null) _questions.Keep(bpf.Digest, LayoutQuestion.Of(bpf));
    }

    /// <summary>
    /// The key; null if it is not known what the object reads or which layouts the kernel has, or if layouts do not decide.
    /// </summary>
    public RelocationKey? Find(RelocationKey key, Kernel kernel) =>
        _questions.Find(key.Object) is { Obstacle: null } question && layouts.DigestOf(question.Names, kernel) is { } digest
            ? key.OfLayouts(digest, question.Decisive(key.Version))
            : null;
}
