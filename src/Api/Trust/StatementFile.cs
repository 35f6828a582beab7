using Relo.Core.Bytes;

namespace Relo.Api.Trust;

/// <summary>A file that a statement names.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Digest">Its SHA-256.</param>
/// <param name="SizeBytes">Its size.</param>
internal sealed record StatementFile(string Name, Digest Digest, long SizeBytes);
