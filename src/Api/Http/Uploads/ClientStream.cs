using Relo.Api.Http.Bodies;
using Relo.Api.Http.Problems;

namespace Relo.Api.Http.Uploads;

/// <summary>
/// A request's body, whose lost connection is a <see cref="ClientLeftException"/>. Kestrel throws the same types as a failing disk, and
/// often before it cancels <c>RequestAborted</c>; only here is it certain which of the two failed.
/// </summary>
internal sealed class ClientStream(Stream body) : ReadOnlyStream
{
    /// <summary>Reads.</summary>
    /// <exception cref="ClientLeftException">The connection was lost.</exception>
    /// <exception cref="BadHttpRequestException">The body is too large, too slow, or not HTTP.</exception>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        try
        {
            return await body.ReadAsync(buffer, cancellationToken);
        }
        catch (Exception e) when (e is IOException and not BadHttpRequestException
            || e is OperationCanceledException && !cancellationToken.IsCancellationRequested)
        {
            // A ConnectionAbortedException is an OperationCanceledException that this service did not request.
            throw new ClientLeftException(e);
        }
    }
}
