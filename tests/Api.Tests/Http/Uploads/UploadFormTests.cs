using Microsoft.Net.Http.Headers;
using Relo.Api.Http.Uploads;
using Relo.Api.Tests.Fixtures;

namespace Relo.Api.Tests.Http.Uploads;

public sealed class UploadFormTests
{
    [Fact]
    public async Task Full_disk_is_no_fault_of_the_form()
    {
        using var sent = new MultipartFormDataContent { { new ByteArrayContent(Samples.NewBtf), "file", "vmlinux" } };
        var form = new UploadForm(MediaTypeHeaderValue.Parse(sent.Headers.ContentType!.ToString()), ["file"], parameters: null);
        var full = new IOException("No space left on device", 28); // ENOSPC
        var body = await sent.ReadAsStreamAsync(Now);
        Assert.Same(full, await Assert.ThrowsAsync<IOException>(() => form.ReadAsync(body, (_, _) => throw full, Now)));
    }

    private static CancellationToken Now => TestContext.Current.CancellationToken;
}
