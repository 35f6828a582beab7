using Relo.Core.Bytes;

namespace Relo.Api.Inputs;

/// <summary>An object that was found.</summary>
/// <param name="Digest">Its digest.</param>
/// <param name="IsKept">Whether it is kept here already.</param>
/// <param name="Source">Gives its bytes.</param>
internal sealed record FoundObject(Digest Digest, bool IsKept, ObjectSource Source);
