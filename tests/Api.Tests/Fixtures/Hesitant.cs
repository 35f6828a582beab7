using System.Net;

namespace Relo.Api.Tests.Fixtures;

/// <summary>A body that sends one half immediately and the other half on request.</summary>
internal sealed class Hesitant(byte[] bytes, TaskCompletionSource begun, Task go) : HttpContent
{
    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
    {
        await stream.WriteAsync(bytes.AsMemory(0, bytes.Length / 2));
        await stream.FlushAsync();
        begun.SetResult();
        await go;
        await stream.WriteAsync(bytes.AsMemory(bytes.Length / 2));
    }

    protected override bool TryComputeLength(out long length)
    {
        length = bytes.Length;
        return true;
    }
}
